#include "coordinator/store/file_table.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "coordinator/store/ids_of.h"
#include "coordinator/store/kind_table.h"
#include "coordinator/store/view_table.h"
#include "core/job/checkpoint_place.h"
#include "core/job/file_kinds.h"
#include "core/job/limits.h"

namespace oodml::coordinator::store {
namespace {

/// Of one attempt: every publication may bring other paths, of logs and figures.
constexpr std::int64_t kMaxFilesOfAttempt = 4 * job::kMaxStoredFiles;

job::StoredFile file_of(const Rows& rows) {
  return {.path = rows.text(1),
          .kind = job::parse_file_kind(rows.text(2)).value_or(job::FileKind::kLog),
          .epoch = rows.integer(3),
          .sha256 = rows.text(4),
          .bytes = rows.integer(5),
          .stored = from_millis(rows.integer(6))};
}

std::int64_t count_of(Rows rows) { return rows.next() ? rows.integer(0) : 0; }

/// Where a run stood that left this file of a checkpoint: checkpoints/0003-000017/network.safetensors.
job::CheckpointPlace place_of(const job::StoredFile& file) {
  constexpr std::string_view kFolder = "checkpoints/";
  std::string_view path = file.path;
  if (!path.starts_with(kFolder)) return {.epoch = file.epoch};
  path.remove_prefix(kFolder.size());
  return job::checkpoint_place(path.substr(0, path.find('/'))).value_or(job::CheckpointPlace{.epoch = file.epoch});
}

/// Trials of its kind will leave such, too.
void note_checkpoint(Connection& database, TrialId trial, const std::vector<job::StoredFile>& files) {
  std::int64_t bytes = 0;
  for (const job::StoredFile& file : files) bytes += file.kind == job::FileKind::kCheckpoint ? file.bytes : 0;
  if (bytes > 0) set_checkpoint_bytes(database, trial, bytes);
}

}  // namespace

Status publish_files(Connection& database, const job::Lease& lease, const std::vector<job::StoredFile>& files,
                     Time now) {
  std::set<job::FileKind> replaced;
  for (const job::StoredFile& file : files) {
    if (file.kind == job::FileKind::kCheckpoint || file.kind == job::FileKind::kBest) replaced.insert(file.kind);
  }
  for (const job::FileKind kind : replaced) {
    database.execute("DELETE FROM trial_files WHERE trial_id = ? AND attempt = ? AND kind = ?", lease.trial,
                     lease.attempt, job::to_text(kind));
  }
  for (const job::StoredFile& file : files) {
    database.execute(
        "INSERT OR REPLACE INTO trial_files (trial_id, attempt, path, kind, epoch, sha256, bytes, stored) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        lease.trial, lease.attempt, file.path, job::to_text(file.kind), file.epoch, file.sha256, file.bytes, now);
  }
  note_checkpoint(database, lease.trial, files);
  database.execute("UPDATE trials SET files_thinned = 0 WHERE id = ? AND files_thinned != 0", lease.trial);
  const std::int64_t count = count_of(database.query(
      "SELECT count(*) FROM trial_files WHERE trial_id = ? AND attempt = ?", lease.trial, lease.attempt));
  if (count <= kMaxFilesOfAttempt) return {};
  return Status(StatusCode::kResourceExhausted, "the attempt would have " + std::to_string(count) + " files; at most " +
                                                    std::to_string(kMaxFilesOfAttempt) + " are kept of one");
}

LetGo let_files_go(Connection& database, Time before, std::int64_t limit) {
  const auto trials = ids_of<TrialId>(database.query(
      "SELECT id FROM trials WHERE finished IS NOT NULL AND files_thinned = 0 AND finished < ? ORDER BY finished LIMIT ?",
      before, limit));
  LetGo gone{.trials = std::ssize(trials)};
  for (const TrialId trial : trials) {
    const std::int64_t files = database.execute(
        "DELETE FROM trial_files WHERE trial_id = ?1 AND (kind IN ('checkpoint', 'csv', 'tensorboard') OR (kind = 'last' "
        "AND EXISTS (SELECT 1 FROM trial_files b WHERE b.trial_id = ?1 AND b.kind = 'best')))",
        trial);
    database.execute("UPDATE trials SET files_thinned = 1, files_gone = files_gone + ? WHERE id = ?", files, trial);
    gone.files += files;
  }
  return gone;
}

std::int64_t files_gone(Connection& database, TrialId trial) {
  return count_of(database.query("SELECT files_gone FROM trials WHERE id = ?", trial));
}

std::int64_t files_gone(Connection& database, SweepId sweep) {
  return count_of(
      database.query("SELECT sum(t.files_gone) FROM (SELECT DISTINCT trial_id FROM sweep_trials WHERE sweep_id = ?) st "
                     "JOIN trials t ON t.id = st.trial_id",
                     sweep));
}

std::map<AttemptEpoch, std::vector<job::StoredFile>> read_files(Connection& database, TrialId trial) {
  std::map<AttemptEpoch, std::vector<job::StoredFile>> files;
  Rows rows = database.query(
      "SELECT attempt, path, kind, epoch, sha256, bytes, stored FROM trial_files WHERE trial_id = ? "
      "ORDER BY attempt, path",
      trial);
  while (rows.next()) files[rows.integer(0)].push_back(file_of(rows));
  return files;
}

bool has_content(Connection& database, TrialId trial, const std::string& sha256) {
  return database
      .query(
          "SELECT 1 FROM trial_files WHERE sha256 = ?1 AND trial_id = ?2 UNION ALL "
          "SELECT 1 FROM trial_scripts WHERE sha256 = ?1 AND trial_id = ?2",
          sha256, trial)
      .next();
}

std::set<std::string> named_contents(Connection& database, const std::vector<std::string>& contents) {
  std::set<std::string> named;
  for (const std::string& sha256 : contents) {
    const bool has_name = database
                              .query(
                                  "SELECT 1 FROM trial_files WHERE sha256 = ?1 UNION ALL "
                                  "SELECT 1 FROM trial_scripts WHERE sha256 = ?1",
                                  sha256)
                              .next();
    if (has_name) named.insert(sha256);
  }
  return named;
}

Contents named_contents(Connection& database) {
  Rows rows = database.query(
      "SELECT count(*), sum(bytes) FROM (SELECT sha256, bytes FROM trial_files UNION "
      "SELECT sha256, bytes FROM trial_scripts)");
  return rows.next() ? Contents{.count = rows.integer(0), .bytes = rows.integer(1)} : Contents{};
}

Status for_each_content(Connection& database, const std::function<Status(const NamedContent&)>& look) {
  const auto has_table = [&](const char* table) {
    return database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table).next();
  };
  if (!has_table("trial_files")) return {};
  std::string names = "SELECT sha256, bytes, trial_id, attempt, path FROM trial_files";
  if (has_table("trial_scripts")) {
    names += " UNION ALL SELECT sha256, bytes, trial_id, 0, 'script ' || file FROM trial_scripts";
  }
  Rows rows = database.query("SELECT sha256, max(bytes), trial_id, attempt, path FROM (" + names +
                             ") GROUP BY sha256 ORDER BY sha256");
  while (rows.next()) {
    OODML_RETURN_IF_ERROR(look({.sha256 = rows.text(0),
                                .bytes = rows.integer(1),
                                .trial = {rows.integer(2)},
                                .attempt = rows.integer(3),
                                .path = rows.text(4)}));
  }
  return {};
}

std::optional<job::ResumeFrom> newest_checkpoint(Connection& database, TrialId trial, AttemptEpoch attempt) {
  struct Set {
    job::CheckpointPlace place;
    job::ResumeFrom from;
  };
  std::map<AttemptEpoch, Set> sets;
  Rows rows = database.query(
      "SELECT f.attempt, f.path, f.kind, f.epoch, f.sha256, f.bytes, f.stored FROM trial_files f "
      "JOIN trials t ON t.id = f.trial_id WHERE f.trial_id = ? AND f.attempt < ? AND f.attempt > t.run_from "
      "AND f.kind = 'checkpoint' ORDER BY f.attempt, f.path",
      trial, attempt);
  while (rows.next()) {
    Set& set = sets[rows.integer(0)];
    job::StoredFile file = file_of(rows);
    set.place = std::max(set.place, place_of(file));
    set.from.attempt = rows.integer(0);
    set.from.epoch = set.place.epoch;
    set.from.step = std::max<std::int64_t>(set.place.step, 0);
    set.from.files.push_back(std::move(file));
  }
  Set* farthest = nullptr;
  for (auto& [ignored, set] : sets) {
    if (farthest == nullptr || set.place > farthest->place) farthest = &set;
  }
  return farthest == nullptr ? std::nullopt : std::optional(std::move(farthest->from));
}

Result<AttemptPlace> find_place(Connection& database, TrialId trial, AttemptEpoch attempt) {
  Rows newest = database.query("SELECT attempt FROM trials WHERE id = ?", trial);
  if (!newest.next()) return no_trial(database, trial);
  const AttemptEpoch last = newest.integer(0);
  AttemptPlace place{.attempt = attempt == 0 ? last : attempt, .is_newest = attempt == 0 || attempt == last};
  if (place.attempt == 0) return place;
  Rows rows =
      database.query("SELECT worker, finished FROM attempts WHERE trial_id = ? AND attempt = ?", trial, place.attempt);
  if (!rows.next()) {
    return not_found("trial " + std::to_string(trial.value) + " has no attempt " + std::to_string(attempt) +
                     "; its newest is " + std::to_string(last));
  }
  place.worker = rows.text(0);
  place.finished = rows.maybe_time(1);
  return place;
}

bool has_trial(Connection& database, TrialId trial) {
  return database.query("SELECT 1 FROM trials WHERE id = ?", trial).next();
}

std::int64_t stored_bytes(Connection& database, TrialId trial) {
  return count_of(database.query(
      "SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT sha256, bytes FROM trial_files WHERE trial_id = ?)",
      trial));
}

std::int64_t stored_bytes(Connection& database, SweepId sweep, const WantedLabels& wanted) {
  const std::string sql =
      "SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT f.sha256, f.bytes FROM sweep_trials st "
      "JOIN trial_files f ON f.trial_id = st.trial_id WHERE st.sweep_id = ?1 " +
      and_has_labels(wanted, 2) + ")";
  return count_of(wanted.empty() ? database.query(sql, sweep) : database.query(sql, sweep, bound_labels(wanted)));
}

}  // namespace oodml::coordinator::store
