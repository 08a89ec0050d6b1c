#include "core/base/clock.h"
#include "core/base/print.h"
#include "core/base/results_version.h"
#include "core/sweep/sweep.h"
#include "core/train/device.h"
#include "core/trial/replica_processes.h"
#include "core/trial/run_trial.h"
#include "core/trial/train_trial.h"
#include "core/trial/trial_devices.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {
namespace {

Result<End> train_silently(RunOptions options) {
  options.identity.results_version = kResultsVersion;  // the first replica is this program too
  const SystemClock clock;
  const Warn ignore = [](const std::string&) {};
  OODML_ASSIGN_OR_RETURN(job::TrialSpec spec, read_trial(options.trial_file));
  OODML_RETURN_IF_ERROR(fill_script_hashes(spec, options.places.scripts));
  train::make_deterministic(spec.values.integer("cpu_threads"));
  OODML_ASSIGN_OR_RETURN(const auto devices, trial_devices(options.device, spec.values.integer("replicas")));
  if (options.replica >= static_cast<std::int64_t>(devices.size())) {
    return failure(StatusCode::kInvalidArgument, "the trial has no replica " + std::to_string(options.replica));
  }
  const auto device = devices[static_cast<std::size_t>(options.replica)];
  OODML_ASSIGN_OR_RETURN(const TrialSettings settings, settings_on(spec, options, device));
  OODML_ASSIGN_OR_RETURN(const auto found, find_checkpoint(options, sweep::fingerprint(spec), ignore));
  const train::Channel channel{[](const job::EventBody&) { return Status(); }, [] { return false; }};
  OODML_ASSIGN_OR_RETURN(const Trained trained,
                         train_trial(options, spec, settings, found.snapshot, channel, ignore, clock));
  return End{job::Done{trained.ending.epoch}, kExitDone};
}

}  // namespace

int run_replica(const RunOptions& options) {
  const End end = caught([&] { return train_silently(options); });
  if (end.peer_lost) return kExitPeerLost;
  if (const auto* failure = std::get_if<job::Failed>(&end.event)) {
    print_note("replica " + std::to_string(options.replica + 1) + ": " + failure->message + "\n");
    write_report(options.meeting.parent_path(), options.replica, *failure);
  }
  return end.exit_code;
}

}  // namespace oodml::trial
