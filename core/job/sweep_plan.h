#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/job/trial_spec.h"

namespace oodml::job {

/// One trial of a sweep: what it computes and where it stands in the matrix.
struct PlannedTrial {
  TrialSpec spec;
  std::string fingerprint;                    ///< SHA-256 of the spec's canonical text; equal trials are shared.
  std::map<std::string, std::string> labels;  ///< axis -> label: {criterion: r_margin, split: 3, seed: 0};
                                              ///< of the axes that the trial's block has.
};

/// An axis that the trial key `group` makes: its labels are put together from those of the others, so results show it
/// only where it is asked for.
inline constexpr const char* kGroupAxis = "group";

/// An axis of the matrix with the labels its entries go by, in the order of the file.
struct Axis {
  std::string name;
  std::vector<std::string> labels;
};

/// A sweep expanded: the exact trials in their deterministic order.
struct SweepPlan {
  std::string name;  ///< [a-z0-9._-], at most 100 characters.
  std::vector<Axis> axes;
  std::string replicate_axis = "seed";  ///< The axis that results aggregate over.
  std::vector<PlannedTrial> trials;
  std::string source;             ///< The YAML text as submitted; pins the sweep.
  std::int64_t max_parallel = 0;  ///< Trials at once; 0: no limit.
  std::int64_t max_failures = 0;  ///< Failed trials with which the sweep is paused; 0: never.
};

/// How many trials stand at each label of an axis, in the order of the axis; what `oodml plan` prints.
struct AxisCount {
  struct Label {
    std::string label;
    std::int64_t trials = 0;
  };
  std::string axis;
  std::vector<Label> labels;
};

/// Counts trials one by one.
class AxisCounter {
 public:
  explicit AxisCounter(const std::vector<Axis>& axes);
  /// A trial with these labels by axis; what the axes do not have is not counted.
  void add(const std::map<std::string, std::string>& labels);
  const std::vector<AxisCount>& counts() const { return counts_; }

 private:
  struct Place {
    std::size_t axis = 0;
    std::unordered_map<std::string, std::size_t> labels;
  };
  std::vector<AxisCount> counts_;
  std::map<std::string, Place> places_;  ///< By axis: where its labels stand in counts_.
};

std::vector<AxisCount> count_by_axis(const SweepPlan& plan);

}  // namespace oodml::job
