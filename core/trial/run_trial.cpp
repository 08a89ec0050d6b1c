#include "core/trial/run_trial.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/print.h"
#include "core/base/unfinished_files.h"
#include "core/sweep/sweep.h"
#include "core/train/device.h"
#include "core/trial/adapt_trial.h"
#include "core/trial/csv_log.h"
#include "core/trial/event_writer.h"
#include "core/trial/parameter_info.h"
#include "core/trial/progression_file.h"
#include "core/trial/replica_processes.h"
#include "core/trial/results_file.h"
#include "core/trial/stop_signal.h"
#include "core/trial/tensorboard_log.h"
#include "core/trial/train_trial.h"
#include "core/trial/trial_devices.h"
#include "core/trial/trial_identity.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {
namespace {

std::string not_finite_message(const train::Ending& ending, const TrialSettings& settings) {
  if (ending.step == 0) {
    return fmt::format("the embeddings are not finite in the evaluation after epoch {}; try a smaller lr (now {})",
                       ending.epoch, settings.train.groups.lr);
  }
  return fmt::format("loss or embeddings are NaN or infinite at step {} of epoch {} of {}; try a smaller lr (now {})",
                     ending.step, ending.epoch + 1, settings.train.epochs, settings.train.groups.lr);
}

std::string adapting_not_finite_message(const AdaptedTrial& adapted, const TrialSettings& settings) {
  return fmt::format(
      "loss or embeddings are NaN or infinite in few-shot episode {}; try a smaller few_shot.lr_multi (the rate is now "
      "{})",
      adapted.episode, settings.few_shot.lr);
}

Result<FigureLogs> open_logs(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                             const Clock& clock) {
  FigureLogs logs;
  if (settings.log_csv) {
    OODML_RETURN_IF_ERROR(write_file_atomically(options.run_dir / "Parameter_Info.txt", parameter_info(spec)));
    OODML_ASSIGN_OR_RETURN(auto csv, CsvLog::open(options.run_dir / "CSV_Logs"));
    logs.add(std::move(csv));
  }
  if (settings.log_tensorboard) {
    OODML_ASSIGN_OR_RETURN(auto tensorboard, TensorboardLog::open(options.run_dir / "tensorboard", clock));
    logs.add(std::move(tensorboard));
  }
  return logs;
}

/// A run directory says what was trained in it, wherever the trial's file lies: `oodml embed` reads it there.
Status keep_trial_file(const RunOptions& options, const job::TrialSpec& spec) {
  const std::filesystem::path kept = options.run_dir / "trial.yaml";
  std::error_code ignored;
  if (std::filesystem::equivalent(kept, options.trial_file, ignored)) return {};
  return write_file_atomically(kept, sweep::trial_file_text(spec));
}

/// Trained and evaluated to the end by an earlier process.
bool is_complete(const train::RunState& state, const TrialSettings& settings) {
  return state.epoch == settings.train.epochs && state.step == 0 && state.evaluated == state.epoch;
}

/// What a trial's last steps need beside its settings.
struct Around {
  train::Channel channel;  ///< Where figures go.
  Warn warn;               ///< Says each thing once.
  const Clock& clock;
};

Result<End> done(const RunOptions& options, const job::TrialSpec& spec, const std::vector<job::Metric>& history,
                 const std::vector<train::VectorFigure>& vectors, const train::SamplingProgression& progression,
                 std::int64_t epochs) {
  const std::string results = results_json(spec, sweep::fingerprint(spec), history, vectors, progression);
  OODML_RETURN_IF_ERROR(write_file_atomically(options.run_dir / "results.json", results));
  return End{job::Done{epochs}, kExitDone};
}

/// What a sampling policy did until this checkpoint; empty where there is none.
Result<train::SamplingProgression> progression_of(const train::Snapshot& snapshot) {
  const auto kept = snapshot.extras.find("policy.progression");
  if (kept == snapshot.extras.end()) return train::SamplingProgression();
  return train::SamplingProgression::of_tensor(kept->second);
}

/// A trained trial whose network adapts to episodes, from its last checkpoint on.
Result<End> adapt_and_end(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                          const train::Snapshot& trained, const Around& around) {
  OODML_ASSIGN_OR_RETURN(const AdaptedTrial adapted,
                         adapt_trial(options, spec, settings, trained, around.channel, around.warn, around.clock));
  const train::RunState& state = trained.state;
  switch (adapted.flow) {
    case few_shot::Flow::kStop:
      return End{job::Stopped{state.epoch, 0}, kExitStopped};
    case few_shot::Flow::kNotFinite:
      return failed(job::Outcome::kNumeric, adapting_not_finite_message(adapted, settings));
    case few_shot::Flow::kGoOn:
      break;
  }
  std::vector<job::Metric> history = state.history;
  history.insert(history.end(), adapted.figures.begin(), adapted.figures.end());
  OODML_ASSIGN_OR_RETURN(const train::SamplingProgression progression, progression_of(trained));
  return done(options, spec, history, state.vectors, progression, state.epoch);
}

Result<End> end_of(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                   const Trained& trained, const Around& around) {
  const train::Ending& ending = trained.ending;
  switch (ending.kind) {
    case train::Ending::Kind::kStopped:
      return End{job::Stopped{ending.epoch, ending.step}, kExitStopped};
    case train::Ending::Kind::kNotFinite:
      return failed(job::Outcome::kNumeric, not_finite_message(ending, settings));
    case train::Ending::Kind::kDone:
      break;
  }
  if (settings.few_shot.shots == 0)
    return done(options, spec, trained.history, trained.vectors, trained.progression, ending.epoch);
  OODML_ASSIGN_OR_RETURN(const auto found, find_checkpoint(options, sweep::fingerprint(spec), around.warn));
  if (!found.snapshot) return unavailable("the checkpoint that was just written is not there any more");
  return adapt_and_end(options, spec, settings, *found.snapshot, around);
}

/// Another replica is gone, and this process may wait for it for ever.
[[noreturn]] void give_up(EventWriter& events, const job::Failed& failure) {
  (void)events.write(failure);
  print_note(failure.message + "\n");
  _exit(kExitFailed);
}

/// Trains from the snapshot on, as the first of the trial's replicas.
Result<End> train_on(RunOptions options, const job::TrialSpec& spec, const TrialSettings& settings,
                     const std::optional<train::Snapshot>& snapshot, const Around& around, EventWriter& events) {
  const auto train = [&]() -> Result<End> {
    OODML_ASSIGN_OR_RETURN(const Trained trained,
                           train_trial(options, spec, settings, snapshot, around.channel, around.warn, around.clock));
    return end_of(options, spec, settings, trained, around);
  };
  if (settings.replicas == 1) return train();
  const std::filesystem::path reports = options.run_dir / "replicas";
  options.meeting = reports / "meeting";
  OODML_ASSIGN_OR_RETURN(const auto processes,
                         ReplicaProcesses::start(replica_arguments(options, settings.replicas), reports,
                                                 [&](const job::Failed& failure) { give_up(events, failure); }));
  End end = caught(train);
  if (!end.peer_lost) return end;
  const auto cause = processes->cause();
  return cause ? End{*cause, kExitFailed} : end;
}

/// A trial that is complete needs neither network nor images to report its figures.
Result<End> report_again(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                         const train::Snapshot& trained, const Around& around) {
  const train::RunState& state = trained.state;
  OODML_ASSIGN_OR_RETURN(const train::SamplingProgression progression, progression_of(trained));
  if (!progression.rows.empty()) OODML_RETURN_IF_ERROR(ProgressionFile(options.run_dir).write(progression));
  for (const job::Metric& figure : state.history) OODML_RETURN_IF_ERROR(around.channel.emit(figure));
  if (settings.few_shot.shots > 0) return adapt_and_end(options, spec, settings, trained, around);
  return done(options, spec, state.history, state.vectors, progression, state.epoch);
}

/// To `events`, each message once.
Warn warning_once(EventWriter& events) {
  return [&events, said = std::make_shared<std::set<std::string>>()](std::string message) {
    if (said->insert(message).second) (void)events.write(job::Warning{std::move(message)});
  };
}

Result<End> train_and_evaluate(RunOptions options, const job::TrialSpec& spec, const torch::Device& device,
                               EventWriter& events, const Clock& clock) {
  const Warn warn = warning_once(events);
  OODML_ASSIGN_OR_RETURN(const TrialSettings settings, settings_on(spec, options, device));
  if (settings.train.precision == train::Precision::kFloat16 && device.is_cpu()) {
    warn("precision: float16 takes many times as long as float32 on a CPU; there, bfloat16 is the one to try");
  }
  events.console().set_batch_size(settings.batch_size);
  const job::Progress loading{.epochs_total = settings.train.epochs, .loss = NAN, .phase = "loading"};
  OODML_RETURN_IF_ERROR(events.write(loading));
  options.identity = trial_identity(spec, settings, options.places, clock);
  OODML_RETURN_IF_ERROR(events.write(options.identity));

  OODML_ASSIGN_OR_RETURN(const auto found, find_checkpoint(options, sweep::fingerprint(spec), warn));
  if (found.is_earlier_attempts) OODML_RETURN_IF_ERROR(train::adopt_best(found.run_dir, options.run_dir));
  const auto& snapshot = found.snapshot;
  OODML_RETURN_IF_ERROR(remove_unfinished_files(options.run_dir));  // of a process that was killed
  OODML_RETURN_IF_ERROR(keep_trial_file(options, spec));
  OODML_ASSIGN_OR_RETURN(FigureLogs logs, open_logs(options, spec, settings, clock));
  const auto tell = [&](const job::EventBody& body) -> Status {
    OODML_RETURN_IF_ERROR(logs.observe(body));
    return events.write(body);
  };
  const Around around{{tell, stop_requested}, warn, clock};
  const bool complete = snapshot && is_complete(snapshot->state, settings);
  if (!complete) OODML_RETURN_IF_ERROR(check_episodes(options, settings, warn));
  OODML_ASSIGN_OR_RETURN(End end, complete ? report_again(options, spec, settings, *snapshot, around)
                                           : train_on(options, spec, settings, snapshot, around, events));
  OODML_RETURN_IF_ERROR(logs.flush());
  return end;
}

End run_read_trial(const RunOptions& options, job::TrialSpec spec, EventWriter& events, const Clock& clock) {
  return caught([&]() -> Result<End> {
    train::make_deterministic(spec.values.integer("cpu_threads"));
    const auto devices = trial_devices(options.device, spec.values.integer("replicas"));
    OODML_RETURN_IF_ERROR(events.write(job::Hello{1, devices ? names_of(*devices) : options.device, getpid()}));
    OODML_RETURN_IF_ERROR(devices);
    OODML_RETURN_IF_ERROR(fill_script_hashes(spec, options.places.scripts));
    return train_and_evaluate(options, spec, devices->front(), events, clock);
  });
}

/// For what no event can tell.
void print_failure(const Status& status) { print_note("oodml-core run: " + status.message() + "\n"); }

}  // namespace

int run_trial(const RunOptions& options) {
  const SystemClock clock;
  const auto events = EventWriter::open(options.run_dir, options.has_event_descriptor, clock);
  if (!events) {
    print_failure(events.error());
    return exit_code_here(events.error().code());
  }
  const auto spec = read_trial(options.trial_file);
  End end = spec ? run_read_trial(options, *spec, **events, clock) : failed(spec.error());
  if (!spec) end.exit_code = exit_code_here(spec.error().code());
  const Status told = (*events)->write(end.event);
  if (const auto* failure = std::get_if<job::Failed>(&end.event)) print_note(failure->message + "\n");
  if (told.ok()) return end.exit_code;
  print_failure(told);
  return end.exit_code == kExitDone ? kExitFailed : end.exit_code;
}

}  // namespace oodml::trial
