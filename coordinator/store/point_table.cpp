#include "coordinator/store/point_table.h"

#include <algorithm>
#include <tuple>

#include "coordinator/store/ids_of.h"

namespace oodml::coordinator::store {
namespace {

constexpr std::size_t kBytesOfPart = 480;  // eight a page of 4 KiB; a row of 3 KB would have one for itself

std::vector<Point> kept_points(Connection& database, TrialId trial) {
  std::string bytes;
  Rows rows = database.query("SELECT points FROM thin_points WHERE trial_id = ? ORDER BY part", trial);
  while (rows.next()) bytes += rows.blob(0);
  if (bytes.empty()) return {};
  Result<std::vector<Point>> points = unpack(bytes);
  if (!points) {
    throw SqliteError(Status(StatusCode::kDataLoss, points.error().message() + ": " + std::to_string(trial.value)));
  }
  return *std::move(points);
}

bool is_told_before(const Point& a, const Point& b) {
  return std::tie(a.attempt, a.sequence) < std::tie(b.attempt, b.sequence);
}

/// Rows that thinning is still removing are among both.
void merge(std::vector<Point>& points, std::size_t kept) {
  std::inplace_merge(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(kept), points.end(), is_told_before);
  const auto same = [](const Point& a, const Point& b) { return a.attempt == b.attempt && a.sequence == b.sequence; };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
}

}  // namespace

std::vector<Point> read_points(Connection& database, TrialId trial, AfterPoint after, std::int64_t limit) {
  std::vector<Point> points = kept_points(database, trial);
  std::erase_if(points, [&](const Point& point) { return AfterPoint{point.attempt, point.sequence} <= after; });
  const std::size_t kept = points.size();
  Rows rows = database.query(
      "SELECT attempt, sequence, time, series_id, epoch, value FROM metric_points WHERE trial_id = ?1 AND "
      "(attempt, sequence) > (?2, ?3) ORDER BY attempt, sequence LIMIT ?4",
      trial, after.attempt, after.sequence, limit);
  while (rows.next()) {
    points.push_back({.attempt = rows.integer(0),
                      .sequence = rows.integer(1),
                      .time = from_millis(rows.integer(2)),
                      .series = rows.integer(3),
                      .epoch = rows.integer(4),
                      .value = rows.number(5)});
  }
  if (kept > 0 && points.size() > kept) merge(points, kept);
  if (limit >= 0 && std::ssize(points) > limit) points.resize(static_cast<std::size_t>(limit));
  return points;
}

AfterPoint before_run(Connection& database, TrialId trial) {
  Rows rows = database.query("SELECT run_from FROM trials WHERE id = ?", trial);
  return {.attempt = rows.next() ? rows.integer(0) : 0};
}

void forget_unreached(Connection& database, TrialId trial, AttemptEpoch attempt) {
  if (attempt == 1) return;
  database.execute(
      "DELETE FROM metric_points WHERE trial_id = ?1 AND attempt < ?2 AND "
      "attempt > (SELECT run_from FROM trials WHERE id = ?1) AND epoch > "
      "(SELECT max(epoch) FROM metric_points WHERE trial_id = ?1 AND attempt = ?2 AND epoch > 0)",
      trial, attempt);
}

std::int64_t remove_point_rows(Connection& database, TrialId trial, std::int64_t most) {
  return database.execute(
      "DELETE FROM metric_points WHERE (trial_id, attempt, sequence) IN (SELECT trial_id, attempt, sequence FROM "
      "metric_points WHERE trial_id = ? LIMIT ?)",
      trial, most);
}

std::vector<OldTrial> trials_to_thin(Connection& database, Time before, std::int64_t limit) {
  std::vector<OldTrial> trials;
  Rows rows = database.query(
      "SELECT id, points_thinned < 0 FROM trials WHERE finished IS NOT NULL AND points_thinned <= 0 AND finished < ? "
      "ORDER BY finished LIMIT ?",
      before, limit);
  while (rows.next()) trials.push_back({.trial = {rows.integer(0)}, .is_thinned = rows.integer(1) != 0});
  return trials;
}

void keep_points(Connection& database, TrialId trial, const std::vector<Point>& points, std::int64_t kept,
                 std::int64_t gone) {
  const std::string bytes = pack(points);
  database.execute("DELETE FROM thin_points WHERE trial_id = ?", trial);
  for (std::size_t start = 0; start < bytes.size(); start += kBytesOfPart) {
    database.execute("INSERT INTO thin_points (trial_id, part, points) VALUES (?, ?, ?)", trial,
                     static_cast<std::int64_t>(start / kBytesOfPart),
                     Blob{std::string_view(bytes).substr(start, kBytesOfPart)});
  }
  database.execute("UPDATE trials SET points_thinned = ?, points_gone = points_gone + ? WHERE id = ?", -kept, gone,
                   trial);
}

PointThinning thinning_of(Connection& database, TrialId trial) {
  PointThinning thinning;
  {
    Rows rows = database.query("SELECT points_gone FROM trials WHERE id = ?", trial);
    if (!rows.next() || rows.integer(0) == 0) return thinning;
    thinning.gone = rows.integer(0);
  }
  thinning.kept = std::ssize(read_points(database, trial, {.attempt = 0}));
  return thinning;
}

void set_thinned(Connection& database, TrialId trial) {
  database.execute("UPDATE trials SET points_thinned = -points_thinned WHERE id = ? AND points_thinned < 0", trial);
}

Forgotten forget_events(Connection& database, Time before, std::int64_t limit) {
  const auto trials = ids_of<TrialId>(database.query(
      "SELECT id FROM trials WHERE finished IS NOT NULL AND events_thinned = 0 AND finished < ? ORDER BY finished LIMIT ?",
      before, limit));
  Forgotten forgotten{.trials = std::ssize(trials)};
  for (const TrialId trial : trials) {
    forgotten.events += database.execute(
        "DELETE FROM events WHERE trial_id = ? AND json_extract(body, '$.kind') NOT IN ('done', 'stopped', 'failed')",
        trial);
    database.execute("UPDATE trials SET events_thinned = 1 WHERE id = ?", trial);
  }
  return forgotten;
}

void add_to_record(Connection& database, const std::string& task, Time now, std::int64_t trials, std::int64_t removed) {
  database.execute(
      "INSERT INTO upkeep (task, newest, trials, removed) VALUES (?, ?, ?, ?) ON CONFLICT (task) DO UPDATE SET "
      "newest = excluded.newest, trials = trials + excluded.trials, removed = removed + excluded.removed",
      task, now, trials, removed);
}

UpkeepRecord read_record(Connection& database, const std::string& task) {
  Rows rows = database.query("SELECT newest, trials, removed FROM upkeep WHERE task = ?", task);
  if (!rows.next()) return {};
  return {.newest = from_millis(rows.integer(0)), .trials = rows.integer(1), .removed = rows.integer(2)};
}

}  // namespace oodml::coordinator::store
