#include <utility>

#include "coordinator/rpc/reply_budget.h"
#include "coordinator/rpc/sweep_messages.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/results.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/service/watch_item.h"
#include "coordinator/service/worker_view.h"
#include "core/job/limits.h"
#include "proto/convert/event_convert.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"
#include "proto/convert/plan_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::wire_text;

/// Adds `values` to `list` while they fit; returns how many did.
template <typename Message, typename Values, typename Convert>
std::size_t add_all(const Values& values, Convert convert_one, ReplyBudget& budget,
                    google::protobuf::RepeatedPtrField<Message>& list) {
  std::size_t added = 0;
  for (const auto& value : values) {
    Message message = convert_one(value);
    if (!budget.take(message)) break;
    *list.Add() = std::move(message);
    ++added;
  }
  return added;
}

std::int64_t millis_or_0(const std::optional<Time>& time) { return time ? to_millis(*time) : 0; }

v1::Label label(const std::string& axis, const std::string& text) {
  v1::Label message;
  message.set_axis(axis);
  message.set_label(wire_text(text));
  return message;
}

template <typename Labels>
void add_labels(const Labels& labels, google::protobuf::RepeatedPtrField<v1::Label>& list) {
  for (const auto& [axis, text] : labels) *list.Add() = label(axis, text);
}

void add_axes(const std::vector<job::AxisCount>& axes, google::protobuf::RepeatedPtrField<v1::AxisCount>& list) {
  for (const job::AxisCount& axis : axes) *list.Add() = convert::to_proto(axis);
}

v1::StateCounts to_proto(const StateCounts& counts) {
  v1::StateCounts message;
  message.set_queued(counts.queued);
  message.set_running(counts.running);
  message.set_backoff(counts.backoff);
  message.set_paused(counts.paused);
  message.set_succeeded(counts.succeeded);
  message.set_failed(counts.failed);
  message.set_cancelled(counts.cancelled);
  return message;
}

v1::PlannedTrial planned_trial(const PlannedTrialView& planned) {
  v1::PlannedTrial message;
  add_labels(planned.trial.labels, *message.mutable_labels());
  message.set_fingerprint(planned.trial.fingerprint);
  if (planned.existing) message.set_state(job::to_text(*planned.existing));
  *message.mutable_spec() = convert::to_proto(planned.trial.spec);
  return message;
}

v1::Attempt attempt(const AttemptView& attempt) {
  v1::Attempt message;
  message.set_attempt(attempt.attempt);
  message.set_worker_id(attempt.worker);
  message.set_slot(attempt.slot);
  message.set_started_millis(to_millis(attempt.started));
  message.set_finished_millis(millis_or_0(attempt.finished));
  message.set_outcome(attempt.outcome);
  message.set_message(wire_text(attempt.message));
  message.set_device(wire_text(attempt.device, convert::kMaxNameBytes));
  message.set_program(wire_text(attempt.identity.program, convert::kMaxNameBytes));
  message.set_results_version(attempt.identity.results_version);
  convert::add_stamps(job::parse_stamps(attempt.identity.data), *message.mutable_data());
  message.set_is_earlier_run(attempt.is_earlier_run);
  for (const job::Metric& metric : attempt.results) *message.add_results() = convert::to_proto(metric);
  return message;
}

v1::Statistic statistic(const Statistic& statistic) {
  v1::Statistic message;
  message.set_metric(statistic.metric);
  message.set_set(statistic.set);
  message.set_n(statistic.n);
  message.set_n_expected(statistic.n_expected);
  message.set_best_mean(statistic.best.mean);
  message.set_best_sd(statistic.best.sd);
  message.set_best_half_width(statistic.best.half_width);
  message.set_last_mean(statistic.last.mean);
  message.set_last_sd(statistic.last.sd);
  message.set_last_half_width(statistic.last.half_width);
  message.set_best_epoch_mean(statistic.best_epoch_mean);
  message.set_selected_mean(statistic.selected.mean);
  message.set_selected_sd(statistic.selected.sd);
  message.set_selected_half_width(statistic.selected.half_width);
  message.set_selected_n(statistic.selected.n);
  return message;
}

v1::ResultRow result_row(const ResultRow& row) {
  v1::ResultRow message;
  add_labels(row.labels, *message.mutable_labels());
  message.set_n(row.n);
  message.set_n_expected(row.n_expected);
  for (const Statistic& one : row.statistics) *message.add_statistics() = statistic(one);
  for (const std::string& mix : row.mixes) message.add_mixes(wire_text(mix));
  return message;
}

v1::WorkerSummary worker_summary(const WorkerView& worker) {
  v1::WorkerSummary message;
  *message.mutable_worker() = convert::to_proto(worker.info);
  message.set_state(worker.state);
  message.set_last_seen_millis(to_millis(worker.last_seen));
  for (const TrialId trial : worker.running) message.add_running_trials(trial.value);
  message.set_mark(worker.mark);
  message.set_mark_reason(wire_text(worker.mark_reason));
  return message;
}

v1::MachineFault machine_fault(const MachineFaultView& fault) {
  v1::MachineFault message;
  message.set_worker_id(fault.worker);
  message.set_times(fault.times);
  message.set_newest_millis(to_millis(fault.newest));
  message.set_message(wire_text(fault.message));
  return message;
}

v1::MetricCursor cursor(const MetricCursor& place) {
  v1::MetricCursor message;
  message.set_trial_id(place.trial.value);
  message.set_attempt(place.attempt);
  message.set_sequence(place.sequence);
  return message;
}

std::int64_t left_out(std::size_t all, std::size_t added) { return static_cast<std::int64_t>(all - added); }

}  // namespace

v1::SweepSummary to_proto(const SweepView& sweep) {
  v1::SweepSummary message;
  message.set_sweep_id(sweep.id.value);
  message.set_name(sweep.name);
  message.set_state(sweep.state);
  message.set_created_millis(to_millis(sweep.created));
  message.set_finished_millis(millis_or_0(sweep.finished));
  message.set_trials(sweep.trials);
  *message.mutable_counts() = to_proto(sweep.counts);
  message.set_priority(sweep.priority);
  message.set_owner(sweep.owner);
  message.set_max_parallel(sweep.max_parallel);
  message.set_max_failures(sweep.max_failures);
  message.set_paused_because(sweep.paused_because);
  message.set_archived_millis(millis_or_0(sweep.archived));
  return message;
}

v1::TrialSummary to_proto(const TrialView& trial) {
  v1::TrialSummary message;
  message.set_trial_id(trial.id.value);
  message.set_fingerprint(trial.fingerprint);
  add_labels(trial.labels, *message.mutable_labels());
  message.set_state(job::to_text(trial.state));
  message.set_attempt(trial.attempt);
  message.set_worker_id(trial.worker);
  message.set_slot(trial.slot);
  message.set_started_millis(millis_or_0(trial.started));
  message.set_finished_millis(millis_or_0(trial.finished));
  message.set_not_before_millis(millis_or_0(trial.not_before));
  message.set_outcome(trial.outcome);
  message.set_message(wire_text(trial.message));
  message.set_waiting_for(wire_text(trial.waiting_for));
  if (trial.progress) *message.mutable_progress() = convert::to_proto(*trial.progress);
  if (trial.newest_recall) *message.mutable_newest_recall() = convert::to_proto(*trial.newest_recall);
  if (trial.best_recall) *message.mutable_best_recall() = convert::to_proto(*trial.best_recall);
  for (const MachineFaultView& fault : trial.failed_on) *message.add_failed_on() = machine_fault(fault);
  return message;
}

v1::WatchEventsReply to_proto(const WatchItem& item) {
  v1::WatchEventsReply message;
  if (const auto* sweep = std::get_if<SweepView>(&item)) *message.mutable_sweep() = to_proto(*sweep);
  if (const auto* trial = std::get_if<TrialView>(&item)) *message.mutable_trial() = to_proto(*trial);
  if (const auto* event = std::get_if<job::Event>(&item)) *message.mutable_event() = convert::to_proto(*event);
  return message;
}

v1::SubmitReply to_proto(const SubmitView& submitted) {
  v1::SubmitReply message;
  message.set_sweep_id(submitted.sweep.value);
  message.set_name(submitted.name);
  message.set_trials(submitted.trials);
  message.set_new_trials(submitted.new_trials);
  message.set_rerun_trials(submitted.rerun_trials);
  for (const std::string& note : submitted.notes) message.add_notes(wire_text(note));
  return message;
}

v1::ChangeReply to_proto(const ChangeView& change) {
  v1::ChangeReply message;
  message.set_changed(change.changed);
  *message.mutable_sweep() = to_proto(change.sweep);
  return message;
}

namespace {

v1::Estimate estimate_message(const Estimate& estimate) {
  v1::Estimate message;
  message.set_slot_hours(estimate.slot_hours);
  message.set_wall_hours(estimate.wall_hours);
  message.set_checkpoint_bytes(estimate.checkpoint_bytes);
  message.set_known_trials(estimate.known_trials);
  message.set_unknown_trials(estimate.unknown_trials);
  message.set_sized_trials(estimate.sized_trials);
  for (const std::string& kind : estimate.unknown) message.add_unknown(wire_text(kind));
  for (const std::string& source : estimate.from) message.add_from(wire_text(source));
  return message;
}

}  // namespace

v1::PlanReply to_proto(const PlanView& plan, bool with_trials) {
  v1::PlanReply message;
  message.set_name(plan.name);
  message.set_trials(plan.trials);
  message.set_new_trials(plan.new_trials);
  for (const std::string& note : plan.notes) message.add_notes(wire_text(note));
  message.set_refusal(wire_text(plan.refusal));
  *message.mutable_estimate() = estimate_message(plan.estimate);
  add_axes(plan.axes, *message.mutable_axes());
  if (!with_trials) return message;
  ReplyBudget budget(message);
  const std::size_t added = add_all(plan.planned, planned_trial, budget, *message.mutable_planned());
  message.set_planned_left_out(left_out(plan.planned.size(), added));
  return message;
}

v1::ListReply to_proto(const SweepPage& page) {
  v1::ListReply message;
  message.set_next_before_sweep_id(page.next_before);
  ReplyBudget budget(message);
  const std::size_t added =
      add_all(page.sweeps, [](const SweepView& sweep) { return to_proto(sweep); }, budget, *message.mutable_sweeps());
  if (added > 0 && added < page.sweeps.size()) message.set_next_before_sweep_id(page.sweeps[added - 1].id.value);
  return message;
}

v1::GetReply to_proto(const SweepDetail& sweep) {
  v1::GetReply message;
  *message.mutable_sweep() = to_proto(sweep.sweep);
  message.set_next_after_trial_id(sweep.next_after);
  message.set_yaml(wire_text(sweep.yaml, job::kMaxYamlBytes));
  add_axes(sweep.axes, *message.mutable_axes());
  if (sweep.estimate.known_trials + sweep.estimate.unknown_trials > 0)
    *message.mutable_estimate() = estimate_message(sweep.estimate);
  ReplyBudget budget(message);
  const std::size_t added =
      add_all(sweep.trials, [](const TrialView& trial) { return to_proto(trial); }, budget, *message.mutable_trials());
  if (added > 0 && added < sweep.trials.size()) message.set_next_after_trial_id(sweep.trials[added - 1].id.value);
  return message;
}

v1::GetTrialReply to_proto(const TrialDetail& trial) {
  v1::GetTrialReply message;
  *message.mutable_trial() = to_proto(trial.trial);
  *message.mutable_spec() = convert::to_proto(trial.spec);
  for (const AttemptView& one : trial.attempts) *message.add_attempts() = attempt(one);
  for (const SweepId sweep : trial.sweeps) message.add_sweep_ids(sweep.value);
  message.set_points_kept(trial.thinning.kept);
  message.set_points_gone(trial.thinning.gone);
  ReplyBudget budget(message);
  const std::size_t metrics = add_all(
      trial.metrics, [](const job::Metric& metric) { return convert::to_proto(metric); }, budget,
      *message.mutable_metrics());
  message.set_metrics_left_out(left_out(trial.metrics.size(), metrics));
  const std::size_t events = add_all(
      trial.events, [](const job::Event& event) { return convert::to_proto(event); }, budget,
      *message.mutable_events());
  message.set_events_left_out(left_out(trial.events.size(), events));
  return message;
}

v1::QueryResultsReply to_proto(const ResultsTable& table) {
  v1::QueryResultsReply message;
  *message.mutable_sweep() = to_proto(table.sweep);
  for (const std::string& axis : table.by) message.add_by(axis);
  message.set_over(table.over);
  message.set_n(table.n);
  message.set_n_expected(table.n_expected);
  for (const std::string& note : table.notes) message.add_notes(wire_text(note));
  ReplyBudget budget(message);
  const std::size_t added = add_all(table.rows, result_row, budget, *message.mutable_rows());
  message.set_rows_left_out(left_out(table.rows.size(), added) + table.rows_left_out);
  return message;
}

v1::ReadMetricsReply to_proto(const MetricPage& page) {
  v1::ReadMetricsReply message;
  for (const std::string& axis : page.axes) message.add_axes(axis);
  for (const auto& [trial, labels] : page.labels) {
    v1::TrialLabels& entry = *message.add_trials();
    entry.set_trial_id(trial.value);
    add_labels(labels, *entry.mutable_labels());
  }
  ReplyBudget budget(message);
  const std::size_t added = add_all(
      page.points, [](const job::Event& event) { return convert::to_proto(event); }, budget, *message.mutable_points());
  if (added > 0 && added < page.points.size()) {
    const job::Event& last = page.points[added - 1];
    *message.mutable_next() = cursor({last.trial, last.attempt, last.sequence});
  } else if (page.next) {
    *message.mutable_next() = cursor(*page.next);
  }
  return message;
}

v1::ListWorkersReply to_proto(const std::vector<WorkerView>& workers) {
  v1::ListWorkersReply message;
  ReplyBudget budget(message);
  const std::size_t added = add_all(workers, worker_summary, budget, *message.mutable_workers());
  message.set_workers_left_out(left_out(workers.size(), added));
  return message;
}

}  // namespace oodml::coordinator::rpc
