#include "proto/convert/event_convert.h"

#include <algorithm>
#include <utility>

#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"

namespace oodml::convert {
namespace {

/// A trial may say anything, and one event that the coordinator refuses would hold up all that follow it.
std::int64_t not_negative(std::int64_t number) { return std::max<std::int64_t>(number, 0); }

void put(const job::Hello& hello, v1::Event& message) {
  message.mutable_hello()->set_version(not_negative(hello.version));
  message.mutable_hello()->set_device(wire_text(hello.device, kMaxNameBytes));
  message.mutable_hello()->set_pid(not_negative(hello.pid));
}
void put(const job::Progress& progress, v1::Event& message) { *message.mutable_progress() = to_proto(progress); }
void put(const job::Metric& metric, v1::Event& message) { *message.mutable_metric() = to_proto(metric); }
void put(const job::Checkpoint& checkpoint, v1::Event& message) {
  *message.mutable_checkpoint() = to_proto(checkpoint);
}
void put(const job::Warning& warning, v1::Event& message) {
  message.mutable_warning()->set_message(wire_text(warning.message));
}
void put(const job::Done& done, v1::Event& message) { message.mutable_done()->set_epochs(not_negative(done.epochs)); }
void put(const job::Stopped& stopped, v1::Event& message) {
  message.mutable_stopped()->set_epoch(not_negative(stopped.epoch));
  message.mutable_stopped()->set_step(not_negative(stopped.step));
}
void put(const job::Failed& failed, v1::Event& message) {
  message.mutable_failed()->set_kind(wire_name(failed.kind));
  message.mutable_failed()->set_message(wire_text(failed.message));
}

void put(const job::Identity& identity, v1::Event& message) {
  message.mutable_identity()->set_results_version(not_negative(identity.results_version));
  message.mutable_identity()->set_program(wire_text(identity.program, kMaxNameBytes));
  add_stamps(job::parse_stamps(identity.data), *message.mutable_identity()->mutable_data());
}

Result<job::EventBody> hello_body(const v1::Hello& message) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t version, at_least("hello.version", message.version(), 0));
  OODML_ASSIGN_OR_RETURN(std::string device, text("hello.device", message.device(), kMaxNameBytes));
  OODML_ASSIGN_OR_RETURN(const std::int64_t pid, at_least("hello.pid", message.pid(), 0));
  return job::Hello{.version = version, .device = std::move(device), .pid = pid};
}

Result<job::EventBody> warning_body(const v1::Warning& message) {
  OODML_ASSIGN_OR_RETURN(std::string said, text("warning.message", message.message()));
  return job::Warning{.message = std::move(said)};
}

Result<job::EventBody> done_body(const v1::Done& message) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t epochs, at_least("done.epochs", message.epochs(), 0));
  return job::Done{.epochs = epochs};
}

Result<job::EventBody> stopped_body(const v1::Stopped& message) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t epoch, at_least("stopped.epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(const std::int64_t step, at_least("stopped.step", message.step(), 0));
  return job::Stopped{.epoch = epoch, .step = step};
}

Result<job::EventBody> failed_body(const v1::Failed& message) {
  OODML_ASSIGN_OR_RETURN(std::string kind, name("failed.kind", message.kind()));
  OODML_ASSIGN_OR_RETURN(std::string said, text("failed.message", message.message()));
  return job::Failed{.kind = std::move(kind), .message = std::move(said)};
}

Result<job::EventBody> identity_body(const v1::Identity& message) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t version,
                         at_least("identity.results_version", message.results_version(), 0));
  OODML_ASSIGN_OR_RETURN(std::string program, text("identity.program", message.program(), kMaxNameBytes));
  OODML_ASSIGN_OR_RETURN(const job::DataStamps data, stamps("identity.data", message.data()));
  return job::Identity{.results_version = version, .program = std::move(program), .data = job::stamps_text(data)};
}

template <typename T>
Result<job::EventBody> as_body(Result<T> part) {
  if (!part.has_value()) return failure(std::move(part).error());
  return job::EventBody(*std::move(part));
}

Result<job::EventBody> body_of(const v1::Event& message) {
  switch (message.body_case()) {
    case v1::Event::kHello:
      return hello_body(message.hello());
    case v1::Event::kProgress:
      return as_body(within("progress", from_proto(message.progress())));
    case v1::Event::kMetric:
      return as_body(within("metric", from_proto(message.metric())));
    case v1::Event::kCheckpoint:
      return as_body(within("checkpoint", from_proto(message.checkpoint())));
    case v1::Event::kWarning:
      return warning_body(message.warning());
    case v1::Event::kDone:
      return done_body(message.done());
    case v1::Event::kStopped:
      return stopped_body(message.stopped());
    case v1::Event::kFailed:
      return failed_body(message.failed());
    case v1::Event::kIdentity:
      return identity_body(message.identity());
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return invalid_argument(
      "body: missing or of a newer version; one of hello, progress, metric, checkpoint, warning, done, stopped, failed, "
      "identity wanted");
}

}  // namespace

v1::Event to_proto(const job::Event& event) {
  v1::Event message;
  message.set_trial_id(event.trial.value);
  message.set_attempt(event.attempt);
  message.set_sequence(event.sequence);
  message.set_time_millis(to_millis(event.time));
  std::visit([&](const auto& body) { put(body, message); }, event.body);
  return message;
}

Result<job::Event> from_proto(const v1::Event& message) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t trial, at_least("trial_id", message.trial_id(), 1));
  OODML_ASSIGN_OR_RETURN(const std::int64_t attempt, at_least("attempt", message.attempt(), 1));
  OODML_ASSIGN_OR_RETURN(const std::int64_t sequence, at_least("sequence", message.sequence(), 1));
  OODML_ASSIGN_OR_RETURN(const Time when, time("time_millis", message.time_millis()));
  OODML_ASSIGN_OR_RETURN(job::EventBody body, body_of(message));
  return job::Event{TrialId{trial}, attempt, sequence, when, std::move(body)};
}

v1::Progress to_proto(const job::Progress& progress) {
  v1::Progress message;
  message.set_epoch(not_negative(progress.epoch));
  message.set_epochs_total(not_negative(progress.epochs_total));
  message.set_step(not_negative(progress.step));
  message.set_steps_total(not_negative(progress.steps_total));
  message.set_loss(progress.loss);
  message.set_seconds_left(progress.seconds_left);
  message.set_phase(wire_text(progress.phase, kMaxNameBytes));
  return message;
}

Result<job::Progress> from_proto(const v1::Progress& message) {
  job::Progress progress;
  OODML_ASSIGN_OR_RETURN(progress.epoch, at_least("epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(progress.epochs_total, at_least("epochs_total", message.epochs_total(), 0));
  OODML_ASSIGN_OR_RETURN(progress.step, at_least("step", message.step(), 0));
  OODML_ASSIGN_OR_RETURN(progress.steps_total, at_least("steps_total", message.steps_total(), 0));
  OODML_ASSIGN_OR_RETURN(progress.phase, text("phase", message.phase(), kMaxNameBytes));
  progress.loss = message.loss();
  progress.seconds_left = message.seconds_left();
  return progress;
}

v1::Metric to_proto(const job::Metric& metric) {
  v1::Metric message;
  message.set_epoch(not_negative(metric.epoch));
  message.set_set(wire_name(metric.set));
  message.set_embeds(wire_text(metric.embeds, kMaxNameBytes));
  message.set_name(wire_name(metric.name));
  message.set_value(metric.value);
  return message;
}

Result<job::Metric> from_proto(const v1::Metric& message) {
  job::Metric metric;
  OODML_ASSIGN_OR_RETURN(metric.epoch, at_least("epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(metric.set, name("set", message.set()));
  OODML_ASSIGN_OR_RETURN(metric.embeds, text("embeds", message.embeds(), kMaxNameBytes));
  OODML_ASSIGN_OR_RETURN(metric.name, name("name", message.name()));
  metric.value = message.value();
  return metric;
}

v1::Checkpoint to_proto(const job::Checkpoint& checkpoint) {
  v1::Checkpoint message;
  message.set_epoch(not_negative(checkpoint.epoch));
  message.set_path(wire_name(checkpoint.path, kMaxPathBytes));
  message.set_sha256(wire_text(checkpoint.sha256, kMaxNameBytes));
  return message;
}

Result<job::Checkpoint> from_proto(const v1::Checkpoint& message) {
  job::Checkpoint checkpoint;
  OODML_ASSIGN_OR_RETURN(checkpoint.epoch, at_least("epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(checkpoint.path, name("path", message.path(), kMaxPathBytes));
  OODML_ASSIGN_OR_RETURN(checkpoint.sha256, text("sha256", message.sha256(), kMaxNameBytes));
  return checkpoint;
}

}  // namespace oodml::convert
