#include "coordinator/store/sweep_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "coordinator/store/count_table.h"
#include "coordinator/store/ids_of.h"
#include "coordinator/store/label_text.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::coordinator::store {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// "" for the usual embeddings, /EMBEDS for each other that the trial evaluates.
std::vector<std::string> suffixes_of(const Params& values) {
  if (!values.has("evaluate.embeddings")) return {""};
  std::vector<std::string> suffixes;
  for (const std::string& name : values.texts("evaluate.embeddings"))
    suffixes.push_back(name == "embeds" ? "" : "/" + name);
  return suffixes;
}

/// What a person may have meant by the id of a sweep that is not there.
std::string what_there_is(Connection& database, std::int64_t id) {
  Rows newest = database.query("SELECT max(id) FROM sweeps WHERE deleted IS NULL");
  if (!newest.next() || newest.is_null(0)) return "; there are none yet";
  std::string text = "; the newest is " + std::to_string(newest.integer(0));
  Rows trial = database.query("SELECT 1 FROM trials WHERE id = ?", id);
  return trial.next() ? text + ", and " + std::to_string(id) + " is a trial" : text;
}

std::vector<std::string> newest_names(Connection& database) {
  std::vector<std::string> names;
  Rows rows =
      database.query("SELECT name FROM sweeps WHERE deleted IS NULL GROUP BY name ORDER BY max(id) DESC LIMIT 1000");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

bool adapts(const job::PlannedTrial& trial) {
  return trial.spec.values.value_or<std::int64_t>("few_shot.shots", 0) > 0;
}

/// Of the trials' sets, in order, each once.
std::vector<MetricKey> metrics_of_sets(const job::SweepPlan& plan) {
  std::vector<MetricKey> keys;
  std::set<MetricKey> seen;
  for (const job::PlannedTrial& trial : plan.trials) {
    const Params& values = trial.spec.values;
    if (!values.has("evaluate.metrics")) continue;
    for (const std::string& set : values.value_or<std::vector<std::string>>("evaluate.sets", {"test"})) {
      for (const std::string& suffix : suffixes_of(values)) {
        for (const std::string& name : values.texts("evaluate.metrics")) {
          if (seen.insert({set, name + suffix}).second) keys.push_back({set, name + suffix});
        }
      }
    }
  }
  return keys;
}

/// And of their few-shot episodes.
std::vector<MetricKey> metrics_of_episodes(const job::SweepPlan& plan) {
  std::vector<MetricKey> keys;
  std::set<MetricKey> seen;
  for (const job::PlannedTrial& trial : plan.trials) {
    if (!adapts(trial)) continue;
    for (const std::string& name : catalogue::few_shot_columns(trial.spec.values.texts("evaluate.metrics"))) {
      if (seen.insert({"test", name}).second) keys.push_back({"test", name});
    }
  }
  return keys;
}

/// What the trials will measure: the union over them, in order; what all of them are about first.
Json metrics_json(const job::SweepPlan& plan) {
  std::vector<MetricKey> first = metrics_of_sets(plan), second = metrics_of_episodes(plan);
  if (std::ranges::all_of(plan.trials, adapts)) std::swap(first, second);
  first.insert(first.end(), second.begin(), second.end());
  Json json = Json::array();
  for (const MetricKey& key : first) json.push_back({key.set, key.name});
  return json;
}

}  // namespace

SweepTexts texts_of(const job::SweepPlan& plan) {
  return {.axes = axes_text(job::count_by_axis(plan)), .metrics = dump(metrics_json(plan))};
}

SweepId insert_sweep(Connection& database, const job::SweepPlan& plan, const SweepTexts& texts, std::int64_t priority,
                     const std::string& owner, Time now) {
  database.execute(
      "INSERT INTO sweeps (name, source, axes, replicate_axis, metrics, priority, created, owner, max_parallel, "
      "max_failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      plan.name, plan.source, texts.axes, plan.replicate_axis, texts.metrics, priority, now, owner, plan.max_parallel,
      plan.max_failures);
  return SweepId{database.last_insert_id()};
}

void insert_member(Connection& database, SweepId sweep, std::int64_t position, TrialId trial,
                   const std::map<std::string, std::string>& labels) {
  database.execute("INSERT INTO sweep_trials (sweep_id, position, trial_id, wish, labels) VALUES (?, ?, ?, 2, ?)",
                   sweep, position, trial, label_text(labels));
}

void set_settings(Connection& database, SweepId sweep, std::optional<std::int64_t> priority,
                  std::optional<std::int64_t> max_parallel, std::optional<std::int64_t> max_failures) {
  database.execute(
      "UPDATE sweeps SET priority = coalesce(?, priority), max_parallel = coalesce(?, max_parallel), "
      "max_failures = coalesce(?, max_failures) WHERE id = ?",
      priority, max_parallel, max_failures, sweep);
}

void set_cancelled(Connection& database, SweepId sweep, std::optional<Time> at) {
  database.execute("UPDATE sweeps SET cancelled = ? WHERE id = ?", at, sweep);
}

Result<SweepId> find_sweep(Connection& database, const SweepRef& ref) {
  if (ref.id.value != 0) {
    Rows rows = database.query("SELECT id FROM sweeps WHERE id = ? AND deleted IS NULL", ref.id);
    if (rows.next()) return SweepId{rows.integer(0)};
    return not_found("no sweep " + std::to_string(ref.id.value) + what_there_is(database, ref.id.value));
  }
  Rows rows =
      database.query("SELECT id FROM sweeps WHERE name = ? AND deleted IS NULL ORDER BY id DESC LIMIT 1", ref.name);
  if (rows.next()) return SweepId{rows.integer(0)};
  if (ref.name.empty()) return not_found("name a sweep by its id or its name");
  return not_found("no sweep named '" + ref.name + "'" + catalogue::did_you_mean(ref.name, newest_names(database)));
}

Status check_not_archived(Connection& database, SweepId sweep) {
  Rows rows = database.query("SELECT archived FROM sweeps WHERE id = ?", sweep);
  if (!rows.next() || rows.is_null(0)) return {};
  const std::string id = std::to_string(sweep.value);
  return failed_precondition("sweep " + id + " is archived, and so not to be changed; oodml unarchive " + id +
                             " brings it back");
}

SweepRow read_sweep(Connection& database, SweepId sweep) {
  Rows rows = database.query("SELECT name, source, axes, replicate_axis, metrics FROM sweeps WHERE id = ?", sweep);
  if (!rows.next()) throw std::logic_error("no sweep " + std::to_string(sweep.value));
  SweepRow row{.id = sweep, .name = rows.text(0), .source = rows.text(1), .replicate_axis = rows.text(3)};
  row.counts = parse_axes(rows.text(2));
  for (const job::AxisCount& axis : row.counts) {
    row.axes.push_back({.name = axis.axis, .labels = {}});
    for (const job::AxisCount::Label& label : axis.labels) row.axes.back().labels.push_back(label.label);
  }
  for (const auto& metric : Json::parse(rows.text(4)))
    row.metrics.push_back({.set = metric.at(0), .name = metric.at(1)});
  return row;
}

std::vector<Member> read_members(Connection& database, SweepId sweep, bool with_labels) {
  std::vector<Member> members;
  Rows rows = database.query(
      "SELECT st.trial_id, t.state, st.wish, st.labels, st.lets_run FROM sweep_trials st JOIN trials t ON t.id = st.trial_id "
      "WHERE st.sweep_id = ? ORDER BY st.position",
      sweep);
  while (rows.next()) {
    Member member{.trial = {rows.integer(0)},
                  .state = job::parse_trial_state(rows.text(1)).value_or(job::TrialState::kFailed),
                  .wish = static_cast<Wish>(rows.integer(2)),
                  .lets_run = rows.integer(4) != 0};
    if (with_labels) member.labels = parse_labels(rows.text(3));
    members.push_back(std::move(member));
  }
  return members;
}

std::vector<TrialId> trials_of(Connection& database, SweepId sweep) {
  return ids_of<TrialId>(
      database.query("SELECT DISTINCT trial_id FROM sweep_trials WHERE sweep_id = ? ORDER BY trial_id", sweep));
}

void set_wish(Connection& database, SweepId sweep, TrialId trial, Wish wish, bool lets_run) {
  database.execute("UPDATE sweep_trials SET wish = ?, lets_run = ? WHERE trial_id = ? AND sweep_id = ?",
                   static_cast<int>(wish), lets_run ? 1 : 0, trial, sweep);
}

std::vector<LabelledTrial> read_labels(Connection& database, SweepId sweep, const WantedLabels& wanted, TrialId first,
                                       std::int64_t limit) {
  std::vector<LabelledTrial> trials;
  const std::string sql =  // of the bare columns SQLite gives those of the row with the minimum
      "SELECT st.trial_id, st.labels, min(st.position) FROM sweep_trials st WHERE st.sweep_id = ?1 AND "
      "st.trial_id >= ?2 " +
      and_has_labels(wanted, 4) + "GROUP BY st.trial_id ORDER BY st.trial_id LIMIT ?3";
  Rows rows = wanted.empty() ? database.query(sql, sweep, first, limit)
                             : database.query(sql, sweep, first, limit, bound_labels(wanted));
  while (rows.next()) {
    trials.push_back({.trial = {rows.integer(0)}, .labels = parse_labels(rows.text(1))});
  }
  return trials;
}

std::vector<SweepId> sweeps_of(Connection& database, TrialId trial) {
  return ids_of<SweepId>(
      database.query("SELECT DISTINCT sweep_id FROM sweep_trials WHERE trial_id = ? ORDER BY sweep_id", trial));
}

}  // namespace oodml::coordinator::store
