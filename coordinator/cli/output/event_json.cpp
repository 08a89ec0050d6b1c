// What trials said: attempts, events, figures.
#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/json_values.h"

namespace oodml::cli {
namespace {

Json identity_json(const v1::Identity& identity) {
  return {{"results_version", identity.results_version()},
          {"program", text_or_null(identity.program())},
          {"data", data_json(identity.data())}};
}

Json event_body_json(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kHello:
      return {{"hello", {{"device", event.hello().device()}, {"pid", event.hello().pid()}}}};
    case v1::Event::kProgress:
      return {{"progress", json_of(event.progress())}};
    case v1::Event::kMetric:
      return {{"metric", json_of(event.metric())}};
    case v1::Event::kCheckpoint:
      return {{"checkpoint", {{"epoch", event.checkpoint().epoch()}, {"path", event.checkpoint().path()}}}};
    case v1::Event::kWarning:
      return {{"warning", {{"message", event.warning().message()}}}};
    case v1::Event::kDone:
      return {{"done", {{"epochs", event.done().epochs()}}}};
    case v1::Event::kStopped:
      return {{"stopped", {{"epoch", event.stopped().epoch()}, {"step", event.stopped().step()}}}};
    case v1::Event::kFailed:
      return {{"failed", {{"kind", event.failed().kind()}, {"message", event.failed().message()}}}};
    case v1::Event::kIdentity:
      return {{"identity", identity_json(event.identity())}};
    case v1::Event::BODY_NOT_SET:
      break;
  }
  return Json::object();
}

}  // namespace

Json json_of(const v1::Progress& progress) {
  return {{"epoch", progress.epoch()},
          {"epochs_total", progress.epochs_total()},
          {"step", progress.step()},
          {"steps_total", progress.steps_total()},
          {"loss", number_json(progress.loss())},
          {"seconds_left", progress.seconds_left() < 0 ? Json() : number_json(progress.seconds_left())},
          {"phase", text_or_null(progress.phase())}};
}

Json json_of(const v1::Attempt& attempt) {
  return {{"attempt", attempt.attempt()},
          {"worker", attempt.worker_id()},
          {"slot", attempt.slot()},
          {"started", time_json(attempt.started_millis())},
          {"finished", time_json(attempt.finished_millis())},
          {"outcome", text_or_null(attempt.outcome())},
          {"message", text_or_null(attempt.message())},
          {"device", text_or_null(attempt.device())},
          {"program", text_or_null(attempt.program())},
          {"results_version", attempt.results_version() == 0 ? Json() : Json(attempt.results_version())},
          {"data", data_json(attempt.data())},
          {"earlier_run", attempt.is_earlier_run()},
          {"earlier_results", list_json(attempt.results())}};
}

Json json_of(const v1::Metric& metric) {
  return {{"epoch", metric.epoch()},
          {"set", metric.set()},
          {"embeds", metric.embeds()},
          {"name", metric.name()},
          {"value", number_json(metric.value())}};
}

Json json_of(const v1::Event& event) {
  Json json = {{"trial", event.trial_id()},
               {"attempt", event.attempt()},
               {"sequence", event.sequence()},
               {"time", time_json(event.time_millis())}};
  json.update(event_body_json(event));
  return json;
}

}  // namespace oodml::cli
