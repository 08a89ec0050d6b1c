#include "coordinator/store/event_table.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "coordinator/store/attempt_table.h"
#include "coordinator/store/point_table.h"
#include "coordinator/store/spec_text.h"
#include "core/job/limits.h"

namespace oodml::coordinator::store {
namespace {

/// The usual case in one statement: others have measured it before. OR FAIL as in begin_attempt.
std::int64_t insert_point(Connection& database, const job::Event& event, const job::Metric& metric) {
  return database.execute(
      "INSERT OR FAIL INTO metric_points (trial_id, attempt, sequence, time, series_id, epoch, value) "
      "SELECT ?, ?, ?, ?, id, ?, ? FROM series WHERE set_name = ? AND embeds = ? AND name = ?",
      event.trial, event.attempt, event.sequence, event.time, metric.epoch, metric.value, metric.set, metric.embeds,
      metric.name);
}

void insert_metric(Connection& database, const job::Event& event, const job::Metric& metric) {
  if (insert_point(database, event, metric) == 0) {
    database.execute("INSERT INTO series (set_name, embeds, name) VALUES (?, ?, ?)", metric.set, metric.embeds,
                     metric.name);
    insert_point(database, event, metric);
  }
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

/// Names of series, looked up once each.
class SeriesNames {
 public:
  explicit SeriesNames(Connection& database) : database_(database) {}
  /// A metric without its epoch and value.
  const job::Metric& of(std::int64_t series) {
    const auto [known, is_new] = names_.try_emplace(series);
    if (is_new) {
      Rows rows = database_.query("SELECT set_name, embeds, name FROM series WHERE id = ?", series);
      if (!rows.next()) throw SqliteError(Status(StatusCode::kDataLoss, "a figure of an unknown series"));
      known->second = {.set = rows.text(0), .embeds = rows.text(1), .name = rows.text(2)};
    }
    return known->second;
  }

 private:
  Connection& database_;
  std::map<std::int64_t, job::Metric> names_;
};

job::Event event_of(const Point& point, TrialId trial, SeriesNames& names) {
  job::Metric metric = names.of(point.series);
  metric.epoch = point.epoch;
  metric.value = point.value;
  return {.trial = trial,
          .attempt = point.attempt,
          .sequence = point.sequence,
          .time = point.time,
          .body = std::move(metric)};
}

/// An event that is no figure, as it is stored: of many only those of a page are read on.
struct StoredEvent {
  AttemptEpoch attempt = 0;
  std::int64_t sequence = 0;
  Time time{};
  std::string body;
};

std::vector<StoredEvent> stored_events(Connection& database, TrialId trial) {
  std::vector<StoredEvent> events;
  Rows rows = database.query(
      "SELECT attempt, sequence, time, body FROM events WHERE trial_id = ? ORDER BY attempt, sequence", trial);
  while (rows.next()) {
    events.push_back({.attempt = rows.integer(0),
                      .sequence = rows.integer(1),
                      .time = from_millis(rows.integer(2)),
                      .body = rows.text(3)});
  }
  return events;
}

job::Event event_of(const StoredEvent& stored, TrialId trial) {
  Result<job::EventBody> body = parse_event_body(stored.body);
  if (!body) throw SqliteError(body.error());
  return {.trial = trial,
          .attempt = stored.attempt,
          .sequence = stored.sequence,
          .time = stored.time,
          .body = *std::move(body)};
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
  const std::vector<StoredEvent> others = stored_events(database, trial);
  const std::vector<Point> points = read_points(database, trial, {.attempt = 0});
  SeriesNames names(database);
  std::vector<job::Event> events;
  auto other = others.begin();
  auto point = points.begin();
  for (std::int64_t place = 0; std::ssize(events) < limit; ++place) {
    if (point == points.end() && other == others.end()) break;
    const bool is_point = other == others.end() ||
                          (point != points.end() &&
                           std::tie(point->attempt, point->sequence) < std::tie(other->attempt, other->sequence));
    if (place >= skip) events.push_back(is_point ? event_of(*point, trial, names) : event_of(*other, trial));
    if (is_point) {
      ++point;
    } else {
      ++other;
    }
  }
  return events;
}

std::vector<job::Event> read_metrics(Connection& database, TrialId trial, AttemptEpoch after_attempt,
                                     std::int64_t after_sequence, std::int64_t limit) {
  const AfterPoint after = std::max(before_run(database, trial), AfterPoint{after_attempt, after_sequence});
  SeriesNames names(database);
  std::vector<job::Event> events;
  for (const Point& point : read_points(database, trial, after, limit)) events.push_back(event_of(point, trial, names));
  return events;
}

std::vector<Curve> read_curves(Connection& database, TrialId trial) {
  std::map<std::int64_t, Curve> curves;
  SeriesNames names(database);
  for (const Point& point : read_points(database, trial, before_run(database, trial))) {
    Curve& curve = curves[point.series];
    if (curve.values.empty()) {
      const job::Metric& name = names.of(point.series);
      curve = {.series = point.series, .set = name.set, .embeds = name.embeds, .name = name.name, .values = {}};
    }
    curve.values[point.epoch] = point.value;
  }
  std::vector<Curve> list;
  for (auto& [id, curve] : curves) list.push_back(std::move(curve));
  return list;
}

}  // namespace oodml::coordinator::store
