#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/sweep/node.h"
#include "core/sweep/settings.h"

namespace oodml::sweep {

// A sweep file taken apart, names and shapes checked, not yet multiplied out. Settings and conditions point into
// the tree that the document owns, so it is neither copied nor moved.

/// Holds where the trial's `key` has one of the values: an axis's label or value, or any other key's value.
struct Condition {
  std::string key;
  Place place;
  std::vector<const Node*> any_of;  ///< Scalars.
};

/// An entry of `for:`: settings for the trials that match all conditions.
struct Override {
  Place place;
  std::vector<Condition> conditions;
  std::vector<Setting> settings;
};

/// An entry of `exclude:`: trials that match all conditions are left out.
struct Exclusion {
  Place place;
  std::vector<Condition> conditions;
};

/// `when:` of an axis's entry: it stands only where all conditions hold.
struct Guard {
  Place place;
  std::vector<Condition> conditions;
};

struct AxisEntry {
  std::string label;
  Place place;
  std::vector<Setting> settings;    ///< The axis's own key is among them, unless a program runs the row's trials.
  std::vector<Override> overrides;  ///< The entry's `for:`.
  bool where_known = false;         ///< Of `split: all`: left out where the benchmark has no such id.
  const Guard* guard = nullptr;     ///< Of the axis; nullptr: it stands everywhere.
};

struct SweepAxis {
  std::string name;
  Place place;
  std::vector<AxisEntry> entries;
  std::vector<std::unique_ptr<const Guard>> guards;  ///< Of its entries, which may share one.
};

/// A factor of the product: one axis, or the axes that `zip:` pairs entry by entry.
struct Dimension {
  std::vector<SweepAxis> axes;
  std::size_t size() const { return axes.front().entries.size(); }
};

/// A matrix with what holds for it alone; a sweep without `blocks:` has one.
struct Block {
  Place place;
  std::vector<Setting> trial;
  std::vector<Dimension> dimensions;
  std::vector<Override> overrides;
  std::vector<Exclusion> exclusions;

  const SweepAxis* find_axis(std::string_view name) const;
};

struct SweepDocument {
  SweepDocument() = default;
  SweepDocument(const SweepDocument&) = delete;
  SweepDocument& operator=(const SweepDocument&) = delete;

  std::string name;
  std::int64_t max_parallel = 0;  ///< Trials at once; 0: no limit.
  std::int64_t max_failures = 0;  ///< Failed trials with which the sweep is paused; 0: never.
  std::vector<Setting> trial;
  std::vector<Setting> command_line;  ///< --set
  std::vector<Override> overrides;    ///< Of all blocks, as are the exclusions.
  std::vector<Exclusion> exclusions;
  std::vector<Block> blocks;

  Node root;
  std::deque<Node> made;          ///< Values that were not written one by one: the ids of a range.
  std::deque<std::string> named;  ///< What stands in the place of line and column: "--set lr=1".

  /// Of benchmarks that the catalogue does not know, by benchmark and split file, as far as `split: all` asked for
  /// them.
  std::map<std::pair<std::string, std::string>, Result<std::vector<std::string>>> split_ids;
};

}  // namespace oodml::sweep
