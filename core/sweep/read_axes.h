#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/sweep/all_splits.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/sweep_document.h"

namespace oodml::sweep {

/// How many entries all axes of a file may still have together; ranges are short to write.
struct EntryBudget {
  std::int64_t limit;
  std::int64_t left;
};

/// Reads the axes of one block.
class AxisReader {
 public:
  /// `axis_names`: every axis of the block, which tells conditions from settings in `for:` and which no row may set
  /// beside.
  AxisReader(const std::vector<std::string>& axis_names, const AllSplits& all_splits, SweepDocument& document,
             EntryBudget& budget, Diagnostics& diagnostics)
      : axis_names_(axis_names),
        all_splits_(all_splits),
        document_(document),
        budget_(budget),
        diagnostics_(diagnostics) {}

  SweepAxis read(const Node::Entry& axis, bool zipped);

 private:
  void read_values(const Node& node);
  void read_value(const Node& node);
  void read_guarded(const Node& map);
  void read_labelled(const Node::Entry& entry);
  void read_component(const Node& map);
  void read_count(const Node& map);
  void read_range(const Node& node);
  void read_numbers(const Node& map);
  void read_all_splits(const Node& node);
  std::vector<Result<std::vector<std::string>>> split_ids_of(const std::string& benchmark);
  const Guard* read_guard(const Node::Entry& when);
  void add_made(std::string text, const Place& place, bool where_known);
  void add(AxisEntry entry);
  bool is_range(const Node& node) const;
  bool takes_numbers() const;

  const std::vector<std::string>& axis_names_;
  const AllSplits& all_splits_;
  SweepDocument& document_;
  EntryBudget& budget_;
  Diagnostics& diagnostics_;
  SweepAxis axis_;
  std::map<std::string, Place> labels_;
  bool zipped_ = false;
  const Guard* guard_ = nullptr;  ///< Of what is being read.
};

}  // namespace oodml::sweep
