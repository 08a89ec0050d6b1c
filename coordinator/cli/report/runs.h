#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace oodml::cli::report {

/// A figure over the epochs of one trial, epochs ascending; NaN where it was measured as such.
struct Course {
  std::vector<std::int64_t> epochs;
  std::vector<double> values;
};

/// A trial of a sweep that is reported on, with all its figures.
struct Run {
  std::int64_t trial = 0;
  std::string sweep, state;                   ///< succeeded, running, queued, failed, ...
  std::map<std::string, std::string> labels;  ///< Of the sweep's axes.
  std::string benchmark, split, criterion;    ///< Keys of the trial, whether or not they are axes.
  std::string group;  ///< As the study names it: the trial's `group`, else its labels without the seed.
  std::string
      method;  ///< What is compared: the label of the sweep's method axis (criterion, or what stands in its place).
  std::int64_t seed = 0, epochs = 0;      ///< Keys of the trial.
  std::optional<double> fid;              ///< Of its split, where the split file gives one.
  std::map<std::string, Course> courses;  ///< "test:e_recall@1"; embeddings other than embeds: "test:e_recall@1/NAME"
};

/// Which of a run's values is reported. Source: docs/metrics.md#best-epoch.
enum class Choice {
  kOwnBest,       ///< Each metric at its own best epoch, as the studies do.
  kAtBestRecall,  ///< All metrics at the epoch of the best test R@1.
  kLast,          ///< At the last epoch.
  kSelected,      ///< At the epoch of the best validation e_recall@1.
};

}  // namespace oodml::cli::report
