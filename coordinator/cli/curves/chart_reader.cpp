#include "coordinator/cli/curves/chart_reader.h"

#include <algorithm>

#include "coordinator/cli/curves/trial_chart.h"
#include "core/job/trial_state.h"

namespace oodml::cli::curves {
namespace {

bool has_ended(const v1::TrialSummary& trial) {
  const auto state = job::parse_trial_state(trial.state());
  return state && job::is_final(*state);
}

Result<Reading> read_trial(Client& client, FigureReader& figures, const Wanted& wanted, std::int64_t now) {
  v1::GetTrialRequest request;
  request.set_trial_id(wanted.trial);
  OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client.get_trial(request));
  OODML_RETURN_IF_ERROR(figures.refresh(client, reply.trial()));
  OODML_ASSIGN_OR_RETURN(Chart chart, trial_chart(reply.trial(), figures.of(wanted.trial), wanted.metrics, now));
  return Reading{.chart = std::move(chart),
                 .has_ended = has_ended(reply.trial()),
                 .again = "trial " + std::to_string(wanted.trial)};
}

std::string label_at(const v1::TrialSummary& trial, const std::string& axis) {
  const auto found = std::ranges::find(trial.labels(), axis, [](const v1::Label& label) { return label.axis(); });
  return found == trial.labels().end() ? "" : found->label();
}

/// Labels of one axis are alternatives.
bool passes(const v1::TrialSummary& trial, const google::protobuf::RepeatedPtrField<v1::Label>& filter) {
  return std::ranges::all_of(filter, [&](const v1::Label& asked) {
    return std::ranges::any_of(filter, [&](const v1::Label& other) {
      return other.axis() == asked.axis() && other.label() == label_at(trial, asked.axis());
    });
  });
}

bool belongs(const v1::TrialSummary& trial, const SweepRow& row) {
  return std::ranges::all_of(row.labels,
                             [&](const auto& label) { return label_at(trial, label.first) == label.second; });
}

/// The rows as the table of results has them, in its order, whose words are also those on what is not there.
Result<SweepFigures> read_rows(Client& client, const Wanted& wanted) {
  v1::QueryResultsRequest request;
  *request.mutable_sweep() = wanted.sweep;
  for (const std::string& axis : wanted.by) request.add_by(axis);
  *request.mutable_filter() = wanted.filter;
  request.set_sort(wanted.sort);
  OODML_ASSIGN_OR_RETURN(const v1::QueryResultsReply reply, client.results(request));
  SweepFigures figures{.sweep = reply.sweep()};
  figures.rows_there = static_cast<std::size_t>(reply.rows_size() + reply.rows_left_out());
  for (const v1::ResultRow& row : reply.rows()) {
    if (figures.rows.size() == wanted.most_rows) break;
    SweepRow& added = figures.rows.emplace_back();
    for (const v1::Label& label : row.labels()) added.labels.emplace_back(label.axis(), label.label());
  }
  return figures;
}

Status add_trial(Client& client, const v1::TrialSummary& trial, FigureReader& reader, SweepFigures& figures) {
  const auto row = std::ranges::find_if(figures.rows, [&](const SweepRow& one) { return belongs(trial, one); });
  if (row == figures.rows.end()) return {};
  ++row->expected;
  if (trial.state() == "failed" || trial.state() == "cancelled") {
    figures.left_out.push_back(trial.trial_id());
    return {};
  }
  OODML_RETURN_IF_ERROR(reader.refresh(client, trial));
  row->trials.push_back(&reader.of(trial.trial_id()));
  return {};
}

Result<Reading> read_sweep(Client& client, FigureReader& reader, const Wanted& wanted) {
  OODML_ASSIGN_OR_RETURN(SweepFigures figures, read_rows(client, wanted));
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(figures.sweep.sweep_id());
  OODML_ASSIGN_OR_RETURN(const v1::GetReply trials, client.get_trials(request, 0));
  for (const v1::TrialSummary& trial : trials.trials()) {
    if (passes(trial, wanted.filter)) OODML_RETURN_IF_ERROR(add_trial(client, trial, reader, figures));
  }
  OODML_ASSIGN_OR_RETURN(Chart chart, sweep_chart(figures, wanted.metrics));
  const std::string& state = figures.sweep.state();
  return Reading{.chart = std::move(chart),
                 .has_ended = state == "finished" || state == "cancelled",
                 .again = std::to_string(figures.sweep.sweep_id())};
}

}  // namespace

Status FigureReader::refresh(Client& client, const v1::TrialSummary& trial) {
  Trial& known = trials_[trial.trial_id()];
  if (known.has_ended && has_ended(trial)) return {};
  if (known.has_ended) known = {};  // it is run again
  if (trial.attempt() == 0) return {};
  v1::ReadMetricsRequest request;
  request.set_trial_id(trial.trial_id());
  bool more = true;
  while (more) {
    if (known.seen.trial_id() != 0) *request.mutable_after() = known.seen;
    OODML_ASSIGN_OR_RETURN(const v1::ReadMetricsReply page, client.metrics(request));
    for (const v1::Event& point : page.points()) {
      known.figures.take(point);
      known.seen.set_trial_id(point.trial_id());
      known.seen.set_attempt(point.attempt());
      known.seen.set_sequence(point.sequence());
    }
    more = page.has_next() && page.points_size() > 0;
  }
  known.has_ended = has_ended(trial);
  return {};
}

Result<Reading> read_chart(Client& client, FigureReader& figures, const Wanted& wanted, std::int64_t now_millis) {
  return wanted.trial != 0 ? read_trial(client, figures, wanted, now_millis) : read_sweep(client, figures, wanted);
}

}  // namespace oodml::cli::curves
