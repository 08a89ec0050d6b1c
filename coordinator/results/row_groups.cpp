#include "coordinator/results/row_groups.h"

#include <algorithm>

#include "core/job/sweep_plan.h"

namespace oodml::coordinator::results {
namespace {

/// What members of one unit have in common.
std::string unit_of(const store::Member& member, const std::string& over) {
  if (over.empty()) return std::to_string(member.trial.value);
  std::string unit;
  for (const auto& [axis, label] : member.labels) {
    if (axis != over && axis != job::kGroupAxis) unit += std::to_string(label.size()) + ":" + label;
  }
  return unit;
}

class Grouping {
 public:
  Grouping(const std::vector<std::string>& by, const std::string& over) : by_(by), over_(over) {}

  void add(const store::Member& member) {
    std::vector<std::string> labels;
    for (const std::string& axis : by_) labels.push_back(label_of(member.labels, axis));
    const auto [found, fresh] = places_.try_emplace(labels, groups_.size());
    if (fresh) open_group(labels);
    RowGroup& group = groups_[found->second];
    const auto [unit, is_new] = units_[found->second].try_emplace(unit_of(member, over_), group.units.size());
    if (is_new) group.units.emplace_back();
    Unit& mine = group.units[unit->second];
    mine.trials.insert(member.trial);
    mine.is_complete = mine.is_complete && member.state == job::TrialState::kSucceeded;
  }

  std::vector<RowGroup> finish() {
    for (RowGroup& group : groups_) {
      group.row.n = std::ranges::count_if(group.units, &Unit::is_complete);
      group.row.n_expected = std::ssize(group.units);
    }
    return std::move(groups_);
  }

 private:
  void open_group(const std::vector<std::string>& labels) {
    groups_.emplace_back();
    units_.emplace_back();
    for (std::size_t i = 0; i < by_.size(); ++i) groups_.back().row.labels.emplace_back(by_[i], labels[i]);
  }

  const std::vector<std::string>& by_;
  const std::string& over_;
  std::vector<RowGroup> groups_;
  std::map<std::vector<std::string>, std::size_t> places_;
  std::vector<std::map<std::string, std::size_t>> units_;  ///< of each group
};

}  // namespace

std::vector<RowGroup> group_rows(const std::vector<store::Member>& members, const Filter& filter,
                                 const std::vector<std::string>& by, const std::string& over) {
  Grouping grouping(by, over);
  for (const store::Member& member : members) {
    if (passes(member.labels, filter)) grouping.add(member);
  }
  return grouping.finish();
}

}  // namespace oodml::coordinator::results
