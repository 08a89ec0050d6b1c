#include "core/trial/run_trial.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <unistd.h>

#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/job/trial_state.h"
#include "core/sweep/sweep.h"
#include "core/train/device.h"
#include "core/trial/csv_log.h"
#include "core/trial/event_writer.h"
#include "core/trial/parameter_info.h"
#include "core/trial/results_file.h"
#include "core/trial/stop_signal.h"
#include "core/trial/tensorboard_log.h"

namespace oodml::trial {
namespace {

constexpr std::uint64_t kMaxTrialFileBytes = 1 << 20;

/// The last event of a trial and what its process exits with.
struct End {
  job::EventBody event;
  int exit_code = kExitFailed;
};

End failed(job::Outcome kind, std::string message) {
  return {job::Failed{job::to_text(kind), std::move(message)}, kExitFailed};
}

/// What the specification asks for and will never get is its own fault; all else may work another time.
job::Outcome kind_of(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
    case StatusCode::kAlreadyExists:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kDataLoss:
    case StatusCode::kUnimplemented:
      return job::Outcome::kBadConfiguration;
    default:
      return job::Outcome::kInfrastructure;
  }
}

End failed(const Status& status) { return failed(kind_of(status.code()), status.message()); }

/// LibTorch reports a CPU that is out of memory, and a GPU that fell over, as plain errors.
job::Outcome kind_of(const c10::Error& error) {
  const std::string_view what = error.what_without_backtrace();
  if (what.find("DefaultCPUAllocator") != what.npos) return job::Outcome::kOutOfMemory;
  for (const std::string_view sign : {"CUDA", "cuda", "CUDNN", "cuDNN", "CUBLAS", "cuBLAS"}) {
    if (what.find(sign) != what.npos) return job::Outcome::kInfrastructure;
  }
  return job::Outcome::kBadConfiguration;  // the same tensors would fail again
}

/// The newest whole checkpoint of this trial: in the run directory itself, else of the earlier attempts; of those the
/// best epochs come along, because the history that they are the best of does.
Result<std::optional<train::Snapshot>> find_checkpoint(const RunOptions& options, const std::string& fingerprint,
                                                       const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(auto own, train::read_newest_checkpoint(options.run_dir, fingerprint, warn));
  if (own) return own;
  for (const std::filesystem::path& run_dir : options.resume_from) {
    auto earlier = train::read_newest_checkpoint(run_dir, fingerprint, warn);
    if (!earlier) {
      warn("not resumed from an earlier attempt: " + earlier.error().message());
    } else if (*earlier) {
      OODML_RETURN_IF_ERROR(train::adopt_best(run_dir, options.run_dir));
      return std::move(*earlier);
    }
  }
  return std::nullopt;
}

std::string not_finite_message(const train::Ending& ending, const TrialSettings& settings) {
  if (ending.step == 0) {
    return fmt::format("the embeddings are not finite in the evaluation after epoch {}; try a smaller lr (now {})",
                       ending.epoch, settings.train.groups.lr);
  }
  return fmt::format("loss or embeddings are NaN or infinite at step {} of epoch {} of {}; try a smaller lr (now {})", ending.step,
                     ending.epoch + 1, settings.train.epochs, settings.train.groups.lr);
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

/// Trained and evaluated to the end by an earlier process.
bool is_complete(const train::RunState& state, const TrialSettings& settings) {
  return state.epoch == settings.train.epochs && state.step == 0 && state.evaluated == state.epoch;
}

Result<End> done(const RunOptions& options, const job::TrialSpec& spec, const std::vector<job::Metric>& history,
                 const std::vector<train::VectorFigure>& vectors, std::int64_t epochs) {
  const std::string results = results_json(spec, sweep::fingerprint(spec), history, vectors);
  OODML_RETURN_IF_ERROR(write_file_atomically(options.run_dir / "results.json", results));
  return End{job::Done{epochs}, kExitDone};
}

/// Trains from the snapshot on; `channel` is where figures go.
Result<End> train_on(const RunOptions& options, const job::TrialSpec& spec, const TrialSettings& settings,
                     const std::optional<train::Snapshot>& snapshot, train::Channel channel, const Warn& warn,
                     const Clock& clock) {
  OODML_ASSIGN_OR_RETURN(train::Parts parts, build_trial(settings, options.places, warn));
  train::CheckpointStore checkpoints(options.run_dir, sweep::fingerprint(spec), settings.keep_checkpoints);
  train::Trainer trainer(std::move(parts), settings.train, std::move(checkpoints), std::move(channel), clock);
  if (snapshot) OODML_RETURN_IF_ERROR(trainer.resume(*snapshot));
  OODML_ASSIGN_OR_RETURN(const train::Ending ending, trainer.run());
  switch (ending.kind) {
    case train::Ending::Kind::kStopped:
      return End{job::Stopped{ending.epoch, ending.step}, kExitStopped};
    case train::Ending::Kind::kNotFinite:
      return failed(job::Outcome::kNumeric, not_finite_message(ending, settings));
    case train::Ending::Kind::kDone:
      break;
  }
  return done(options, spec, trainer.history(), trainer.vectors(), ending.epoch);
}

/// A trial that is complete needs neither network nor images to report its figures.
Result<End> report_again(const RunOptions& options, const job::TrialSpec& spec, const train::RunState& state,
                         const train::Channel& channel) {
  for (const job::Metric& figure : state.history) OODML_RETURN_IF_ERROR(channel.emit(figure));
  return done(options, spec, state.history, state.vectors, state.epoch);
}

Result<End> train_and_evaluate(const RunOptions& options, const job::TrialSpec& spec, const torch::Device& device,
                               EventWriter& events, const Clock& clock) {
  const Warn warn = [&](std::string message) { (void)events.write(job::Warning{std::move(message)}); };
  OODML_ASSIGN_OR_RETURN(TrialSettings settings, settings_of(spec, options.threads));
  settings.train.device = device;
  settings.train.training_loader.pin_memory = settings.train.evaluation_loader.pin_memory = device.is_cuda();
  events.console().set_batch_size(settings.batch_size);
  const job::Progress loading{.epochs_total = settings.train.epochs, .loss = NAN, .phase = "loading"};
  OODML_RETURN_IF_ERROR(events.write(loading));

  OODML_ASSIGN_OR_RETURN(const auto snapshot, find_checkpoint(options, sweep::fingerprint(spec), warn));
  OODML_ASSIGN_OR_RETURN(FigureLogs logs, open_logs(options, spec, settings, clock));
  const auto tell = [&](const job::EventBody& body) -> Status {
    OODML_RETURN_IF_ERROR(logs.observe(body));
    return events.write(body);
  };
  const train::Channel channel{tell, stop_requested};
  const bool complete = snapshot && is_complete(snapshot->state, settings);
  OODML_ASSIGN_OR_RETURN(End end, complete ? report_again(options, spec, snapshot->state, channel)
                                           : train_on(options, spec, settings, snapshot, channel, warn, clock));
  OODML_RETURN_IF_ERROR(logs.flush());
  return end;
}

/// The one catch.
End guarded(const RunOptions& options, const job::TrialSpec& spec, const torch::Device& device, EventWriter& events,
            const Clock& clock) {
  try {
    Result<End> end = train_and_evaluate(options, spec, device, events, clock);
    return end ? *std::move(end) : failed(end.error());
  } catch (const c10::OutOfMemoryError& error) {
    return failed(job::Outcome::kOutOfMemory, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    return failed(kind_of(error), error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return failed(job::Outcome::kOutOfMemory, "out of memory on the CPU");
  } catch (const std::logic_error& error) {  // std::invalid_argument of tensor code too
    return failed(job::Outcome::kBadConfiguration, error.what());
  } catch (const std::exception& error) {
    return failed(job::Outcome::kInfrastructure, error.what());
  }
}

Result<job::TrialSpec> read_trial(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxTrialFileBytes));
  return sweep::parse_trial_file(text, path.string());
}

End run_read_trial(const RunOptions& options, const job::TrialSpec& spec, EventWriter& events, const Clock& clock) {
  train::make_deterministic(spec.values.integer("cpu_threads"));
  const auto device = train::find_device(options.device);
  const Status hello = events.write(job::Hello{1, device ? device->str() : options.device, getpid()});
  if (!hello.ok()) return failed(hello);
  if (!device) return failed(device.error());
  return guarded(options, spec, *device, events, clock);
}

}  // namespace

int run_trial(const RunOptions& options) {
  const SystemClock clock;
  const auto events = EventWriter::open(options.run_dir, options.has_event_descriptor, clock);
  if (!events) {
    fmt::print(stderr, "oodml-core run: {}\n", events.error().message());
    return events.error().code() == StatusCode::kFailedPrecondition ? kExitUsage : kExitFailed;
  }
  const auto spec = read_trial(options.trial_file);
  End end = spec ? run_read_trial(options, *spec, **events, clock)
                 : End{job::Failed{job::to_text(job::Outcome::kBadConfiguration), spec.error().message()}, kExitUsage};
  const Status told = (*events)->write(end.event);
  if (const auto* failure = std::get_if<job::Failed>(&end.event)) fmt::print(stderr, "{}\n", failure->message);
  if (!told.ok()) {
    fmt::print(stderr, "oodml-core run: {}\n", told.message());
    return end.exit_code == kExitDone ? kExitFailed : end.exit_code;
  }
  return end.exit_code;
}

}  // namespace oodml::trial
