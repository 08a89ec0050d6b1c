#include "coordinator/results/row_groups.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/job/sweep_plan.h"

namespace oodml::coordinator::results {
namespace {

constexpr std::uint32_t kNoGroup = static_cast<std::uint32_t>(-1);

const LabelColumn* column_of(const MemberColumns& members, const std::string& axis) {
  const auto found = std::ranges::find(members.labels(), axis, &LabelColumn::axis);
  return found == members.labels().end() ? nullptr : &*found;
}

/// For each member the number of its class, kNoGroup for those that do not pass. Classes are divided by one column
/// after the other, and stand in the order of their first members.
class Classes {
 public:
  Classes(const MemberColumns& members, const Filter& filter) : of_(members.size(), 0) {
    for (const LabelColumn& column : members.labels()) {
      const auto wanted = filter.find(column.axis);
      if (wanted == filter.end()) continue;
      std::vector<bool> pass;
      for (const std::string& label : column.labels) pass.push_back(wanted->second.contains(label));
      for (std::size_t i = 0; i < of_.size(); ++i) {
        if (!pass[column.codes[i]]) of_[i] = kNoGroup;
      }
    }
    count_ = std::ranges::all_of(of_, [](std::uint32_t one) { return one == kNoGroup; }) ? 0 : 1;
  }

  void divide(const std::vector<std::uint32_t>& codes) {
    std::unordered_map<std::uint64_t, std::uint32_t> known;
    for (std::size_t i = 0; i < of_.size(); ++i) {
      if (of_[i] == kNoGroup) continue;
      const std::uint64_t key = (std::uint64_t{of_[i]} << 32) | codes[i];
      of_[i] = known.try_emplace(key, static_cast<std::uint32_t>(known.size())).first->second;
    }
    count_ = known.size();
  }

  /// Each member is a class of its own.
  void separate() {
    count_ = 0;
    for (std::uint32_t& one : of_) {
      if (one != kNoGroup) one = static_cast<std::uint32_t>(count_++);
    }
  }

  std::uint32_t of(std::size_t member) const { return of_[member]; }
  std::size_t count() const { return count_; }

 private:
  std::vector<std::uint32_t> of_;
  std::size_t count_ = 0;
};

/// As of trials that came with their sweep: no two are the same.
bool are_ascending(const MemberColumns& members) {
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (members.trial(i) <= members.trial(i - 1)) return false;
  }
  return true;
}

/// A number for each trial, the same where cells share one.
std::vector<std::uint32_t> trial_codes(const MemberColumns& members) {
  std::vector<std::uint32_t> codes;
  std::unordered_map<TrialId, std::uint32_t> known;
  for (std::size_t i = 0; i < members.size(); ++i) {
    codes.push_back(known.try_emplace(members.trial(i), static_cast<std::uint32_t>(i)).first->second);
  }
  return codes;
}

/// Which unit each member belongs to, within its group.
Classes units_of(const MemberColumns& members, const Classes& groups, const std::string& over) {
  Classes units = groups;
  if (over.empty()) {
    are_ascending(members) ? units.separate() : units.divide(trial_codes(members));
    return units;
  }
  for (const LabelColumn& column : members.labels()) {
    if (column.axis != over && column.axis != job::kGroupAxis) units.divide(column.codes);
  }
  return units;
}

void add_unit(const MemberColumns& members, std::span<std::uint32_t> unit, RowGroup& group) {
  const auto trial_of = [&](std::uint32_t member) { return members.trial(member); };
  std::ranges::sort(unit, {}, trial_of);
  const auto repeated = std::ranges::unique(unit, {}, trial_of);
  group.members.insert(group.members.end(), unit.begin(), repeated.begin());
  group.ends.push_back(static_cast<std::uint32_t>(group.members.size()));
  group.complete.push_back(
      std::ranges::all_of(unit, [&](std::uint32_t member) { return members.is_complete(member); }));
}

/// The members of each class, one class after the other.
struct Sorted {
  std::vector<std::uint32_t> members, ends;
};
Sorted sorted_by(const Classes& classes, std::size_t members) {
  Sorted sorted{.members = {}, .ends = std::vector<std::uint32_t>(classes.count(), 0)};
  for (std::size_t i = 0; i < members; ++i) {
    if (classes.of(i) != kNoGroup) ++sorted.ends[classes.of(i)];
  }
  std::uint32_t begin = 0;
  for (std::uint32_t& end : sorted.ends) begin += std::exchange(end, begin);
  sorted.members.resize(begin);
  for (std::size_t i = 0; i < members; ++i) {
    if (classes.of(i) != kNoGroup) sorted.members[sorted.ends[classes.of(i)]++] = static_cast<std::uint32_t>(i);
  }
  return sorted;
}

}  // namespace

std::vector<RowGroup> group_rows(const MemberColumns& members, const Filter& filter, const std::vector<std::string>& by,
                                 const std::string& over) {
  Classes groups(members, filter);
  for (const std::string& axis : by) {
    if (const LabelColumn* column = column_of(members, axis)) groups.divide(column->codes);
  }
  std::vector<RowGroup> rows(groups.count());
  Sorted units = sorted_by(units_of(members, groups, over), members.size());
  for (std::size_t unit = 0; unit < units.ends.size(); ++unit) {
    const std::size_t begin = unit == 0 ? 0 : units.ends[unit - 1];
    const auto mine = std::span(units.members).subspan(begin, units.ends[unit] - begin);
    RowGroup& group = rows[groups.of(mine.front())];
    if (group.size() == 0) {
      for (const std::string& axis : by) {
        const LabelColumn& column = *column_of(members, axis);
        group.row.labels.emplace_back(axis, column.labels[column.codes[mine.front()]]);
      }
    }
    add_unit(members, mine, group);
  }
  for (RowGroup& group : rows) {
    group.row.n = std::ranges::count(group.complete, true);
    group.row.n_expected = static_cast<std::int64_t>(group.size());
  }
  return rows;
}

}  // namespace oodml::coordinator::results
