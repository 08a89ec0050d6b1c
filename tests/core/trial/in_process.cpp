#include "tests/core/trial/in_process.h"

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/sweep/sweep.h"
#include "core/train/device.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

void make_deterministic_once() {
  static const bool once = [] {
    train::make_deterministic(1);
    return true;
  }();
  (void)once;
}

}  // namespace

Result<InProcessRun> run_in_process(const job::TrialSpec& spec, const trial::Places& places,
                                    const std::filesystem::path& run_dir, std::int64_t stop_at) {
  make_deterministic_once();
  const auto ignore = [](std::string) {};
  const std::string fingerprint = sweep::fingerprint(spec);
  OODML_ASSIGN_OR_RETURN(const trial::TrialSettings settings, trial::settings_of(spec, /*threads=*/1));
  OODML_ASSIGN_OR_RETURN(const auto snapshot, train::read_newest_checkpoint(run_dir, fingerprint, ignore));
  OODML_ASSIGN_OR_RETURN(train::Parts parts, trial::make_parts(settings, places, ignore));
  const SystemClock clock;
  InProcessRun run;
  train::Trainer trainer(std::move(parts), settings.train, train::CheckpointStore(run_dir, fingerprint, 1),
                         {[](const job::EventBody&) { return Status(); }, [&] { return ++run.asked >= stop_at; }},
                         clock);
  if (snapshot) OODML_RETURN_IF_ERROR(trainer.resume(*snapshot));
  OODML_ASSIGN_OR_RETURN(run.ending, trainer.run());
  std::ranges::copy_if(trainer.history(), std::back_inserter(run.history), [](const job::Metric& metric) {
    return metric.name != "seconds" && metric.name != "data_wait";
  });
  return run;
}

FinalState final_state(const InProcessRun& run, const std::filesystem::path& run_dir) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(run_dir)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  FinalState state;
  for (const auto& file : files) state.tensors += file.lexically_relative(run_dir).string() + read_text(file);
  std::vector<job::EventBody> events(run.history.begin(), run.history.end());
  state.figures = figures(events);
  return state;
}

}  // namespace oodml::testing
