#include "coordinator/store/count_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "coordinator/store/label_text.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator::store {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t& count_of(StateCounts& counts, job::TrialState state) {
  switch (state) {
    case job::TrialState::kQueued:
      return counts.queued;
    case job::TrialState::kRunning:
      return counts.running;
    case job::TrialState::kBackoff:
      return counts.backoff;
    case job::TrialState::kPaused:
      return counts.paused;
    case job::TrialState::kSucceeded:
      return counts.succeeded;
    case job::TrialState::kFailed:
      return counts.failed;
    case job::TrialState::kCancelled:
      break;
  }
  return counts.cancelled;
}

/// Few ever run against the wish of a sweep, and they run: these alone are looked at.
std::int64_t wanted_by_nobody(Connection& database, SweepId sweep) {
  Rows rows = database.query(
      "SELECT count(*) FROM trials t CROSS JOIN sweep_trials st INDEXED BY sweep_trials_by_trial ON st.trial_id = t.id "
      "AND st.sweep_id = ? WHERE t.state IN ('queued','running','backoff') AND t.state = 'running' AND st.wish = 0 AND NOT EXISTS "
      "(SELECT 1 FROM sweep_trials o WHERE o.trial_id = t.id AND o.wish > 0)",
      sweep);
  return rows.next() ? rows.integer(0) : 0;
}

std::vector<job::Axis> without_counts(const std::vector<job::AxisCount>& counted) {
  std::vector<job::Axis> axes;
  for (const job::AxisCount& axis : counted) {
    axes.push_back({.name = axis.axis, .labels = {}});
    for (const job::AxisCount::Label& label : axis.labels) axes.back().labels.push_back(label.label);
  }
  return axes;
}

void count_axes(Connection& database, SweepId sweep, const std::string& axes) {
  job::AxisCounter counter(without_counts(parse_axes(axes)));
  {
    Rows rows = database.query("SELECT labels FROM sweep_trials WHERE sweep_id = ?", sweep);
    while (rows.next()) counter.add(parse_labels(rows.text(0)));
  }
  database.execute("UPDATE sweeps SET axes = ? WHERE id = ?", axes_text(counter.counts()), sweep);
}

}  // namespace

SweepCounts read_counts(Connection& database, SweepId sweep) {
  SweepCounts counts;
  std::int64_t newest_end = 0, unwanted = 0;
  {
    Rows rows = database.query("SELECT state, wish, trials, newest_end FROM sweep_counts WHERE sweep_id = ?", sweep);
    while (rows.next()) {
      const auto state = job::parse_trial_state(rows.text(0)).value_or(job::TrialState::kFailed);
      const std::int64_t wish = rows.integer(1), trials = rows.integer(2);
      counts.trials += trials;
      count_of(counts.states, state) += trials;
      newest_end = std::max(newest_end, rows.integer(3));
      if (!job::is_final(state) && wish == 2) counts.to_run += trials;
      if (!job::is_final(state) && wish == 1) counts.to_pause += trials;
      if (state == job::TrialState::kRunning && wish == 0) unwanted += trials;
    }
  }
  if (newest_end > 0) counts.newest_end = from_millis(newest_end);
  if (unwanted > 0) counts.leaving = wanted_by_nobody(database, sweep);
  return counts;
}

void forget_counts(Connection& database, SweepId sweep) {
  database.execute("DELETE FROM sweep_counts WHERE sweep_id = ?", sweep);
}

std::string axes_text(const std::vector<job::AxisCount>& axes) {
  Json list = Json::array();
  for (const job::AxisCount& axis : axes) {
    Json labels = Json::array(), counts = Json::array();
    for (const job::AxisCount::Label& label : axis.labels) {
      labels.push_back(label.label);
      counts.push_back(label.trials);
    }
    list.push_back({{"name", axis.axis}, {"labels", std::move(labels)}, {"trials", std::move(counts)}});
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<job::AxisCount> parse_axes(const std::string& text) {
  std::vector<job::AxisCount> axes;
  for (const auto& axis : nlohmann::json::parse(text)) {
    job::AxisCount count{.axis = axis.at("name"), .labels = {}};
    for (const auto& label : axis.at("labels")) count.labels.push_back({.label = label});
    if (const auto trials = axis.find("trials"); trials != axis.end()) {
      const std::size_t known = std::min(trials->size(), count.labels.size());
      for (std::size_t i = 0; i < known; ++i) count.labels[i].trials = trials->at(i);
    }
    axes.push_back(std::move(count));
  }
  return axes;
}

void count_axes_of_all(Connection& database) {
  std::vector<std::pair<SweepId, std::string>> sweeps;
  {
    Rows rows = database.query("SELECT id, axes FROM sweeps");
    while (rows.next()) sweeps.emplace_back(SweepId{rows.integer(0)}, rows.text(1));
  }
  for (const auto& [sweep, axes] : sweeps) count_axes(database, sweep, axes);
}

}  // namespace oodml::coordinator::store
