#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

/// A value of a course and the epoch it is of.
struct Chosen {
  double value = 0.0;
  std::int64_t epoch = 0;
};

/// The run's value of a figure ("test:e_recall@1") by this choice; nothing where there is none or where it is NaN.
/// Own best: the first epoch that reaches the largest finite value; of figures of which more is not better the epoch of
/// the best e_recall@1 of their set, else of the test set. The untrained epoch 0 is none of a run that has trained.
/// Source: docs/metrics.md#best-epoch.
std::optional<Chosen> chosen(const Run& run, const std::string& figure, Choice choice);

/// The value at exactly this epoch; nothing where it was not measured then or is NaN.
std::optional<double> value_at(const Run& run, const std::string& figure, std::int64_t epoch);

/// The newest epoch at which anything of the run was measured; 0 where nothing was.
std::int64_t measured_epochs(const Run& run);

/// Whether a run enters the figures: it succeeded, and at least so many epochs were measured.
bool counts(const Run& run, std::int64_t min_epochs);

/// Runs that are told as one: those of a group, of a method on a split.
struct Group {
  std::string name;
  std::vector<const Run*> runs;  ///< That succeeded and have enough epochs, in the sweep's order.
  std::size_t expected = 0;      ///< All that belong to it.
};

/// The runs by `name_of`, groups in the order of their first runs. Runs for which it is empty are left out.
std::vector<Group> grouped(const std::vector<Run>& runs, std::int64_t min_epochs,
                           const std::function<std::string(const Run&)>& name_of);

/// What is missing of the runs in words for Section::missing: by state, and those with fewer epochs than `min_epochs`.
std::vector<std::string> missing_of(const std::vector<Run>& runs, std::int64_t min_epochs);

/// The number of epochs below which runs are left out, by the option, else the kind's own; 0 where otherwise none
/// would be left of those that succeeded, which `missing_of` the result then has nothing to say about.
std::int64_t min_epochs_of(const std::vector<Run>& runs, const std::optional<std::int64_t>& wanted,
                           std::int64_t of_the_kind);

}  // namespace oodml::cli::report
