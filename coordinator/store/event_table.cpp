#include "coordinator/store/event_table.h"

#include <algorithm>

#include "coordinator/store/attempt_table.h"
#include "coordinator/store/spec_text.h"
#include "core/job/limits.h"

namespace oodml::coordinator::store {
namespace {

std::int64_t series_id(Connection& database, const job::Metric& metric) {
  {
    Rows rows = database.query("SELECT id FROM series WHERE set_name = ? AND embeds = ? AND name = ?", metric.set,
                               metric.embeds, metric.name);
    if (rows.next()) return rows.integer(0);
  }
  database.execute("INSERT INTO series (set_name, embeds, name) VALUES (?, ?, ?)", metric.set, metric.embeds,
                   metric.name);
  return database.last_insert_id();
}

void insert_metric(Connection& database, const job::Event& event, const job::Metric& metric) {
  database.execute(
      "INSERT INTO metric_points (trial_id, attempt, sequence, time, series_id, epoch, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
      event.trial, event.attempt, event.sequence, event.time, series_id(database, metric), metric.epoch, metric.value);
  if (metric.set == "test" && metric.name == "e_recall@1") {
    database.execute("UPDATE trials SET recall_epoch = ?, recall_value = ? WHERE id = ?", metric.epoch, metric.value,
                     event.trial);
  }
}

void insert_event(Connection& database, const job::Event& event) {
  if (std::holds_alternative<job::Progress>(event.body)) return;
  if (const auto* metric = std::get_if<job::Metric>(&event.body)) return insert_metric(database, event, *metric);
  if (const auto* hello = std::get_if<job::Hello>(&event.body)) {
    set_device(database, event.trial, event.attempt, hello->device);
  }
  if (const auto* identity = std::get_if<job::Identity>(&event.body)) {
    set_identity(database, event.trial, event.attempt, *identity);
  }
  database.execute("INSERT INTO events (trial_id, attempt, sequence, time, body) VALUES (?, ?, ?, ?, ?)", event.trial,
                   event.attempt, event.sequence, event.time, to_text(event.body));
}

job::EventBody body_of(const Rows& rows) {
  if (!rows.is_null(3)) {
    Result<job::EventBody> body = parse_event_body(rows.text(3));
    if (!body) throw SqliteError(body.error());
    return *std::move(body);
  }
  return job::Metric{.epoch = rows.integer(4),
                     .set = rows.text(6),
                     .embeds = rows.text(7),
                     .name = rows.text(8),
                     .value = rows.number(5)};
}

job::Event event_of(const Rows& rows, TrialId trial) {
  return {.trial = trial,
          .attempt = rows.integer(0),
          .sequence = rows.integer(1),
          .time = from_millis(rows.integer(2)),
          .body = body_of(rows)};
}

Status check(const job::Event& event) {
  const auto* metric = std::get_if<job::Metric>(&event.body);
  if (!metric || std::max({metric->set.size(), metric->embeds.size(), metric->name.size()}) <= job::kMaxNameBytes)
    return {};
  return invalid_argument("event " + std::to_string(event.sequence) + " names a metric with more than " +
                          std::to_string(job::kMaxNameBytes) + " characters");
}

}  // namespace

Result<std::int64_t> append_events(Connection& database, const job::Lease& lease, std::int64_t durable,
                                   const std::vector<job::Event>& events) {
  const std::int64_t before = durable;
  for (const job::Event& event : events) {
    if (event.sequence <= durable) continue;
    if (event.sequence != durable + 1) {
      return failed_precondition("event " + std::to_string(durable + 1) + " of trial " +
                                 std::to_string(lease.trial.value) + " attempt " + std::to_string(lease.attempt) +
                                 " is missing before " + std::to_string(event.sequence) + "; send from there");
    }
    OODML_RETURN_IF_ERROR(check(event));
    insert_event(database, event);
    durable = event.sequence;
  }
  if (durable != before) {
    database.execute("UPDATE attempts SET last_sequence = ? WHERE trial_id = ? AND attempt = ?", durable, lease.trial,
                     lease.attempt);
  }
  return durable;
}

std::vector<job::Event> read_events(Connection& database, TrialId trial, std::int64_t skip, std::int64_t limit) {
  Rows rows = database.query(
      "SELECT attempt, sequence, time, body, NULL, NULL, NULL, NULL, NULL FROM events WHERE trial_id = ?1 UNION ALL "
      "SELECT p.attempt, p.sequence, p.time, NULL, p.epoch, p.value, s.set_name, s.embeds, s.name "
      "FROM metric_points p JOIN series s ON s.id = p.series_id WHERE p.trial_id = ?1 "
      "ORDER BY 1, 2 LIMIT ?2 OFFSET ?3",
      trial, limit, skip);
  std::vector<job::Event> events;
  while (rows.next()) events.push_back(event_of(rows, trial));
  return events;
}

std::vector<job::Event> read_metrics(Connection& database, TrialId trial, AttemptEpoch after_attempt,
                                     std::int64_t after_sequence, std::int64_t limit) {
  Rows rows = database.query(
      "SELECT p.attempt, p.sequence, p.time, NULL, p.epoch, p.value, s.set_name, s.embeds, s.name "
      "FROM metric_points p JOIN series s ON s.id = p.series_id JOIN trials t ON t.id = p.trial_id "
      "WHERE p.trial_id = ?1 AND p.attempt > t.run_from AND (p.attempt, p.sequence) > (?2, ?3) "
      "ORDER BY p.attempt, p.sequence LIMIT ?4",
      trial, after_attempt, after_sequence, limit);
  std::vector<job::Event> events;
  while (rows.next()) events.push_back(event_of(rows, trial));
  return events;
}

std::vector<Curve> read_curves(Connection& database, TrialId trial) {
  std::map<std::int64_t, Curve> curves;
  Rows rows = database.query(
      "SELECT p.series_id, s.set_name, s.embeds, s.name, p.epoch, p.value FROM metric_points p "
      "JOIN series s ON s.id = p.series_id JOIN trials t ON t.id = p.trial_id "
      "WHERE p.trial_id = ? AND p.attempt > t.run_from ORDER BY p.attempt, p.sequence",
      trial);
  while (rows.next()) {
    Curve& curve = curves[rows.integer(0)];
    if (curve.values.empty()) {
      curve.series = rows.integer(0);
      curve.set = rows.text(1);
      curve.embeds = rows.text(2);
      curve.name = rows.text(3);
    }
    curve.values[rows.integer(4)] = rows.number(5);
  }
  std::vector<Curve> list;
  for (auto& [id, curve] : curves) list.push_back(std::move(curve));
  return list;
}

}  // namespace oodml::coordinator::store
