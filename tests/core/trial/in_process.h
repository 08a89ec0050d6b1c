#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/trial_spec.h"
#include "core/train/trainer.h"
#include "core/trial/make_parts.h"

namespace oodml::testing {

/// How a run of the library ended.
struct InProcessRun {
  train::Ending ending;
  std::vector<job::Metric> history;  ///< Without the seconds.
  std::int64_t asked = 0;            ///< How often it asked whether to stop.
};

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// Trains a trial in this process, for tests that run many; goes on from the newest checkpoint of `run_dir`. The run
/// is told to stop when it asks for the `stop_at`-th time, counted from 1.
Result<InProcessRun> run_in_process(const job::TrialSpec& spec, const trial::Places& places,
                                    const std::filesystem::path& run_dir, std::int64_t stop_at = kNever);

/// The bits of a run: the tensors of its newest checkpoint and of its best epochs, and its figures, the times left out.
struct FinalState {
  std::string tensors;
  std::vector<std::string> figures;
  friend bool operator==(const FinalState&, const FinalState&) = default;
};
FinalState final_state(const InProcessRun& run, const std::filesystem::path& run_dir);

}  // namespace oodml::testing
