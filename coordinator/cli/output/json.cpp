#include "coordinator/cli/output/json.h"

#include <sstream>

#include "coordinator/cli/output/json_values.h"
#include "core/base/params.h"

namespace oodml::cli {
namespace {

Json labels_json(const google::protobuf::RepeatedPtrField<v1::Label>& labels) {
  Json json = Json::object();
  for (const auto& label : labels) json[label.axis()] = label.label();
  return json;
}

Json counts_json(const v1::StateCounts& counts) {
  return {{"queued", counts.queued()},      {"running", counts.running()},     {"backoff", counts.backoff()},
          {"paused", counts.paused()},      {"succeeded", counts.succeeded()}, {"failed", counts.failed()},
          {"cancelled", counts.cancelled()}};
}

Json axes_json(const google::protobuf::RepeatedPtrField<v1::AxisCount>& axes) {
  Json json = Json::array();
  for (const auto& axis : axes) {
    Json labels = Json::array();
    for (int i = 0; i < axis.labels_size(); ++i) {
      labels.push_back({{"label", axis.labels(i).label()}, {"trials", i < axis.counts_size() ? axis.counts(i) : 0}});
    }
    json.push_back({{"axis", axis.axis()}, {"labels", std::move(labels)}});
  }
  return json;
}

Json spread_json(std::int64_t n, double mean, double sd, double half_width) {
  return {{"n", n}, {"mean", number_json(mean)}, {"sd", number_json(sd)}, {"half_width", number_json(half_width)}};
}

Json value_json(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return number_json(*number);
  return std::visit([](const auto& plain) { return Json(plain); }, value);
}

Json estimate_json(const v1::Estimate& estimate) {
  const bool known = estimate.known_trials() > 0;
  return {{"slot_hours", known ? number_json(estimate.slot_hours()) : Json()},
          {"wall_hours", estimate.wall_hours() > 0 ? number_json(estimate.wall_hours()) : Json()},
          {"checkpoint_bytes", estimate.sized_trials() > 0 ? Json(estimate.checkpoint_bytes()) : Json()},
          {"sized_trials", estimate.sized_trials()},
          {"known_trials", estimate.known_trials()},
          {"unknown_trials", estimate.unknown_trials()},
          {"unknown", texts_json(estimate.unknown())},
          {"from", texts_json(estimate.from())}};
}

std::string dumped(Json body, int indent) {
  Json document = {{"version", kJsonVersion}};
  document.update(body);
  return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Json json_of(const v1::PlannedTrial& trial) {
  return {{"labels", labels_json(trial.labels())},
          {"fingerprint", trial.fingerprint()},
          {"state", text_or_null(trial.state())},
          {"spec", json_of(trial.spec())}};
}

Json json_of(const v1::Statistic& s) {
  Json best = spread_json(s.n(), s.best_mean(), s.best_sd(), s.best_half_width());
  best["epoch_mean"] = number_json(s.best_epoch_mean());
  const double nan = std::nan("");
  const bool selected = s.selected_n() > 0;
  return {{"set", s.set()},
          {"metric", s.metric()},
          {"n", s.n()},
          {"n_expected", s.n_expected()},
          {"best", std::move(best)},
          {"last", spread_json(s.n(), s.last_mean(), s.last_sd(), s.last_half_width())},
          {"selected", spread_json(s.selected_n(), selected ? s.selected_mean() : nan, selected ? s.selected_sd() : nan,
                                   selected ? s.selected_half_width() : nan)}};
}

Json json_of(const v1::ResultRow& row) {
  return {{"labels", labels_json(row.labels())},
          {"n", row.n()},
          {"n_expected", row.n_expected()},
          {"statistics", list_json(row.statistics())},
          {"mixes", texts_json(row.mixes())}};
}

Json json_of(const v1::SweepSummary& sweep) {
  return {{"id", sweep.sweep_id()},
          {"name", sweep.name()},
          {"state", sweep.state()},
          {"created", time_json(sweep.created_millis())},
          {"finished", time_json(sweep.finished_millis())},
          {"owner", text_or_null(sweep.owner())},
          {"priority", sweep.priority()},
          {"max_parallel", sweep.max_parallel() == 0 ? Json() : Json(sweep.max_parallel())},
          {"max_failures", sweep.max_failures() == 0 ? Json() : Json(sweep.max_failures())},
          {"paused_because", text_or_null(sweep.paused_because())},
          {"trials", sweep.trials()},
          {"counts", counts_json(sweep.counts())}};
}

Json json_of(const v1::MachineFault& fault) {
  return {{"worker", fault.worker_id()},
          {"times", fault.times()},
          {"newest", time_json(fault.newest_millis())},
          {"message", text_or_null(fault.message())}};
}

Json json_of(const v1::TrialSummary& trial) {
  return {{"id", trial.trial_id()},
          {"fingerprint", trial.fingerprint()},
          {"labels", labels_json(trial.labels())},
          {"state", trial.state()},
          {"attempt", trial.attempt()},
          {"worker", text_or_null(trial.worker_id())},
          {"slot", text_or_null(trial.slot())},
          {"started", time_json(trial.started_millis())},
          {"finished", time_json(trial.finished_millis())},
          {"not_before", time_json(trial.not_before_millis())},
          {"outcome", text_or_null(trial.outcome())},
          {"message", text_or_null(trial.message())},
          {"waiting_for", text_or_null(trial.waiting_for())},
          {"progress", trial.has_progress() ? json_of(trial.progress()) : Json()},
          {"newest_recall", trial.has_newest_recall() ? json_of(trial.newest_recall()) : Json()},
          {"best_recall", trial.has_best_recall() ? json_of(trial.best_recall()) : Json()},
          {"failed_on", list_json(trial.failed_on())}};
}

Json json_of(const v1::TrialSpec& spec) {
  Json json = Json::object();
  for (const auto& setting : spec.settings()) {
    const Result<Value> value = parse_value(setting.value());
    json[setting.key()] = value ? value_json(*value) : Json(setting.value());
  }
  return json;
}

Json json_of(const v1::WorkerSummary& summary) {
  const v1::WorkerInfo& worker = summary.worker();
  Json slots = Json::array();
  for (const auto& slot : worker.slots()) {
    slots.push_back({{"name", slot.name()},
                     {"device", slot.device()},
                     {"threads", slot.threads()},
                     {"memory_mib", slot.memory_mib()},
                     {"model", text_or_null(slot.model())},
                     {"gpus", Json(std::vector<std::string>(slot.gpus().begin(), slot.gpus().end()))},
                     {"set_aside", text_or_null(slot.set_aside())}});
  }
  Json benchmarks = Json::array();
  for (const auto& benchmark : worker.benchmarks()) {
    benchmarks.push_back(
        {{"name", benchmark.name()},
         {"split_ids", Json(std::vector<std::string>(benchmark.split_ids().begin(), benchmark.split_ids().end()))}});
  }
  const auto& running = summary.running_trials();
  const auto& weights = worker.weights();
  return {{"id", worker.worker_id()},
          {"host", worker.host()},
          {"version", worker.version()},
          {"state", summary.state()},
          {"set_aside", text_or_null(worker.set_aside())},
          {"mark", text_or_null(summary.mark())},
          {"mark_reason", text_or_null(summary.mark_reason())},
          {"last_seen", time_json(summary.last_seen_millis())},
          {"ends_at", time_json(worker.ends_at_millis())},
          {"slots", std::move(slots)},
          {"benchmarks", std::move(benchmarks)},
          {"weights", Json(std::vector<std::string>(weights.begin(), weights.end()))},
          {"data", data_json(worker.data())},
          {"running_trials", Json(std::vector<std::int64_t>(running.begin(), running.end()))}};
}

Json json_of(const v1::ListReply& reply) { return {{"sweeps", list_json(reply.sweeps())}}; }

Json json_of(const v1::GetReply& reply) {
  return {{"sweep", json_of(reply.sweep())},
          {"axes", axes_json(reply.axes())},
          {"trials", list_json(reply.trials())},
          {"yaml", reply.yaml()},
          {"estimate", reply.has_estimate() ? estimate_json(reply.estimate()) : Json()}};
}

Json json_of(const v1::GetTrialReply& reply) {
  const auto& sweeps = reply.sweep_ids();
  return {{"trial", json_of(reply.trial())},
          {"spec", json_of(reply.spec())},
          {"attempts", list_json(reply.attempts())},
          {"metrics", list_json(reply.metrics())},
          {"points_kept", reply.points_gone() > 0 ? Json(reply.points_kept()) : Json()},
          {"points_gone", reply.points_gone()},
          {"sweeps", Json(std::vector<std::int64_t>(sweeps.begin(), sweeps.end()))}};
}

Json json_of(const v1::PlanReply& reply) {
  return {{"name", reply.name()},
          {"trials", reply.trials()},
          {"new_trials", reply.new_trials()},
          {"axes", axes_json(reply.axes())},
          {"notes", texts_json(reply.notes())},
          {"refusal", text_or_null(reply.refusal())},
          {"planned", list_json(reply.planned())},
          {"estimate", reply.has_estimate() ? estimate_json(reply.estimate()) : Json()}};
}

Json json_of(const v1::SubmitReply& reply) {
  return {{"sweep", reply.sweep_id()},
          {"name", reply.name()},
          {"trials", reply.trials()},
          {"new_trials", reply.new_trials()},
          {"rerun_trials", reply.rerun_trials()},
          {"notes", texts_json(reply.notes())}};
}

Json json_of(const v1::ChangeReply& reply) { return {{"changed", reply.changed()}, {"sweep", json_of(reply.sweep())}}; }

Json json_of(const v1::ListWorkersReply& reply) { return {{"workers", list_json(reply.workers())}}; }

Json json_of(const v1::QueryResultsReply& reply) {
  return {{"sweep", json_of(reply.sweep())},
          {"by", Json(std::vector<std::string>(reply.by().begin(), reply.by().end()))},
          {"over", reply.over().empty() ? Json() : Json(reply.over())},
          {"n", reply.n()},
          {"n_expected", reply.n_expected()},
          {"notes", texts_json(reply.notes())},
          {"rows", list_json(reply.rows())}};
}

Json json_of(const v1::WatchEventsReply& reply) {
  switch (reply.what_case()) {
    case v1::WatchEventsReply::kSweep:
      return {{"sweep", json_of(reply.sweep())}};
    case v1::WatchEventsReply::kTrial:
      return {{"trial", json_of(reply.trial())}};
    case v1::WatchEventsReply::kEvent:
      return {{"event", json_of(reply.event())}};
    case v1::WatchEventsReply::WHAT_NOT_SET:
      break;
  }
  return Json::object();
}

Json json_of(const Status& status) {
  Json details = Json::array();
  std::string message, line;
  std::istringstream lines(status.message());
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    if (message.empty()) message = line;
    details.push_back(line);
  }
  if (details.size() == 1) details.clear();
  return {{"error", {{"code", to_text(status.code())}, {"message", message}, {"details", std::move(details)}}}};
}

std::string json_text(Json body) { return dumped(std::move(body), 2); }
std::string json_line(Json body) { return dumped(std::move(body), -1); }

}  // namespace oodml::cli
