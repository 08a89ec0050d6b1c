#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "coordinator/store/result_table.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::results {

/// The labels of an axis, and which of them each member has.
struct LabelColumn {
  std::string axis;
  std::vector<std::string> labels;   ///< The first is that of members which lack the axis, "".
  std::vector<std::uint32_t> codes;  ///< By member.
};

/// The cells of a sweep's matrix in the sweep's order, in columns: a million of them, with their figures as they are
/// stored, take some 200 MB while a table is made of them.
class MemberColumns {
 public:
  MemberColumns(store::Connection& database, SweepId sweep, const std::vector<job::Axis>& axes);

  std::size_t size() const { return trials_.size(); }
  TrialId trial(std::size_t member) const { return trials_[member]; }
  /// Of what its results were made (store::read_source); 0: it has not succeeded.
  std::int64_t source(std::size_t member) const { return sources_[member]; }
  bool is_complete(std::size_t member) const { return sources_[member] != 0; }
  /// Into `figures`, in the place of what it held; nothing of one that has not succeeded.
  void read_figures(std::size_t member, std::vector<store::Figures>& figures) const;
  /// One for each axis of the sweep, in its order.
  const std::vector<LabelColumn>& labels() const { return labels_; }

 private:
  void add(const store::ResultMember& member);
  void put_label(std::string_view axis, std::string_view label);
  std::uint32_t code_of(std::size_t column, std::string_view label);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Codes = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

  std::vector<TrialId> trials_;
  std::vector<std::int64_t> sources_;
  std::vector<LabelColumn> labels_;
  std::vector<Codes> codes_;  ///< Of each column's labels.
  std::string figures_;       ///< Of one member after the other.
  std::vector<std::size_t> ends_;
};

}  // namespace oodml::coordinator::results
