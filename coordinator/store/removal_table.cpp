#include "coordinator/store/removal_table.h"

#include <optional>
#include <string>
#include <vector>

#include "coordinator/store/common_settings.h"
#include "coordinator/store/count_table.h"
#include "coordinator/store/point_table.h"

namespace oodml::coordinator::store {
namespace {

constexpr std::int64_t kTrialsLookedAt = 2000;
constexpr std::int64_t kMembersOfStep = 50;
// What a row comes to with its part of the indices, measured by tests/bench/size_bench.cpp.
constexpr std::int64_t kBytesOfTrial = 700, kBytesOfPoint = 34, kBytesOfResult = 55;

/// No other sweep has it, but such as are deleted as well.
bool is_its_alone(Connection& database, TrialId trial, SweepId sweep) {
  Rows rows = database.query(
      "SELECT 1 FROM sweep_trials o JOIN sweeps s ON s.id = o.sweep_id WHERE o.trial_id = ? AND o.sweep_id != ? AND "
      "s.deleted IS NULL",
      trial, sweep);
  return !rows.next();
}

std::int64_t number_of(Connection& database, const char* sql, TrialId trial) {
  Rows rows = database.query(sql, trial);
  return rows.next() ? rows.integer(0) : 0;
}

void add_size(Connection& database, TrialId trial, RemovalView& view) {
  const std::int64_t points = number_of(database, "SELECT count(*) FROM metric_points WHERE trial_id = ?", trial);
  view.points += points;
  view.database_bytes +=
      kBytesOfTrial + points * kBytesOfPoint +
      kBytesOfResult * number_of(database, "SELECT count FROM trial_results WHERE trial_id = ?", trial) +
      number_of(database, "SELECT sum(length(points)) FROM thin_points WHERE trial_id = ?", trial) +
      number_of(database, "SELECT length(settings) FROM trial_specs WHERE trial_id = ?", trial) +
      number_of(database, "SELECT sum(length(body) + 30) FROM events WHERE trial_id = ?", trial);
  view.content_bytes += number_of(database,
                                  "SELECT sum(bytes) FROM (SELECT DISTINCT sha256, bytes FROM trial_files f "
                                  "WHERE f.trial_id = ?1 AND NOT EXISTS (SELECT 1 FROM trial_files o "
                                  "WHERE o.sha256 = f.sha256 AND o.trial_id != ?1))",
                                  trial);
}

struct Leaving {
  SweepId sweep;
  std::int64_t position = 0;
  TrialId trial;
};

std::vector<Leaving> next_members(Connection& database, SweepId sweep) {
  std::vector<Leaving> members;
  Rows rows = database.query("SELECT position, trial_id FROM sweep_trials WHERE sweep_id = ? ORDER BY position LIMIT ?",
                             sweep, kMembersOfStep);
  while (rows.next()) members.push_back({.sweep = sweep, .position = rows.integer(0), .trial = {rows.integer(1)}});
  return members;
}

std::optional<SweepId> first_deleted(Connection& database) {
  Rows rows =
      database.query("SELECT id FROM sweeps WHERE deleted IS NOT NULL AND arriving IS NULL ORDER BY id LIMIT 1");
  if (!rows.next()) return std::nullopt;
  return SweepId{rows.integer(0)};
}

/// Some of the rows that a trial has very many of; fewer than `most`: all that were left.
std::int64_t remove_points(Connection& database, TrialId trial, std::int64_t most) {
  const std::int64_t points = remove_point_rows(database, trial, most);
  if (points >= most) return points;
  return points + database.execute(
                      "DELETE FROM events WHERE (trial_id, attempt, sequence) IN (SELECT trial_id, attempt, sequence "
                      "FROM events WHERE trial_id = ? LIMIT ?)",
                      trial, most - points);
}

std::int64_t common_of(Connection& database, TrialId trial) {
  return number_of(database, "SELECT common FROM trial_specs WHERE trial_id = ?", trial);
}

std::int64_t remove_trial(Connection& database, TrialId trial) {
  const std::int64_t common = common_of(database, trial);
  std::int64_t rows = 0;
  for (const char* sql : {"DELETE FROM sweep_trials WHERE trial_id = ?", "DELETE FROM trial_results WHERE trial_id = ?",
                          "DELETE FROM past_results WHERE trial_id = ?", "DELETE FROM thin_points WHERE trial_id = ?",
                          "DELETE FROM attempts WHERE trial_id = ?", "DELETE FROM trial_specs WHERE trial_id = ?",
                          "DELETE FROM trial_files WHERE trial_id = ?", "DELETE FROM trial_scripts WHERE trial_id = ?",
                          "DELETE FROM trial_kinds WHERE trial_id = ?", "DELETE FROM trials WHERE id = ?"}) {
    rows += database.execute(sql, trial);
  }
  if (common != 0) forget_unused(database, common);
  return rows;
}

/// A trial that is gone in part must not be found by a submission that would share it.
void hide(Connection& database, TrialId trial) {
  database.execute("UPDATE trials SET fingerprint = 'deleted ' || id WHERE id = ?", trial);
}

std::int64_t remove_member(Connection& database, const Leaving& member, std::int64_t most) {
  if (!is_its_alone(database, member.trial, member.sweep)) {
    return database.execute("DELETE FROM sweep_trials WHERE sweep_id = ? AND position = ?", member.sweep,
                            member.position);
  }
  hide(database, member.trial);
  const std::int64_t rows = remove_points(database, member.trial, most);
  return rows >= most ? rows : rows + remove_trial(database, member.trial);
}

}  // namespace

void set_archived(Connection& database, SweepId sweep, std::optional<Time> at) {
  database.execute("UPDATE sweeps SET archived = ? WHERE id = ?", at, sweep);
}

RemovalView what_goes(Connection& database, SweepId sweep) {
  RemovalView view;
  Rows rows = database.query("SELECT DISTINCT trial_id FROM sweep_trials WHERE sweep_id = ?", sweep);
  while (rows.next()) {
    const TrialId trial{rows.integer(0)};
    if (!is_its_alone(database, trial, sweep)) {
      ++view.shared_trials;
      continue;
    }
    if (++view.trials <= kTrialsLookedAt) add_size(database, trial, view);
  }
  if (view.trials > kTrialsLookedAt) {
    const double times = static_cast<double>(view.trials) / static_cast<double>(kTrialsLookedAt);
    view.points = static_cast<std::int64_t>(times * static_cast<double>(view.points));
    view.content_bytes = static_cast<std::int64_t>(times * static_cast<double>(view.content_bytes));
    view.database_bytes = static_cast<std::int64_t>(times * static_cast<double>(view.database_bytes));
  }
  return view;
}

void set_deleted(Connection& database, SweepId sweep, Time at) {
  database.execute("UPDATE sweeps SET deleted = ? WHERE id = ?", at, sweep);
}

std::int64_t remove_some(Connection& database, std::int64_t most, std::chrono::steady_clock::time_point until) {
  std::int64_t removed = 0;
  while (const auto sweep = first_deleted(database)) {
    const std::vector<Leaving> members = next_members(database, *sweep);
    if (members.empty()) {
      forget_counts(database, *sweep);
      removed += database.execute("DELETE FROM sweeps WHERE id = ?", *sweep);
    }
    for (const Leaving& member : members) {
      removed += remove_member(database, member, most - removed);
      if (removed >= most || std::chrono::steady_clock::now() >= until) return removed;
    }
    if (removed >= most) return removed;
  }
  return removed;
}

}  // namespace oodml::coordinator::store
