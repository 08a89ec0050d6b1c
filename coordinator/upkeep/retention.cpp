#include "coordinator/upkeep/retention.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <set>

#include "coordinator/store/file_table.h"
#include "coordinator/store/point_table.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/result_table.h"
#include "coordinator/upkeep/thinning.h"

namespace oodml::coordinator::upkeep {
namespace {

using std::chrono::steady_clock;

constexpr Duration kLookEvery = std::chrono::hours(1);
// Of one transaction, as in removals.cpp.
constexpr std::chrono::milliseconds kLongestStep{15};
constexpr std::int64_t kRowsOfStep = 2000;
constexpr std::int64_t kTrialsOfStep = 100;

constexpr const char* kPoints = "points";
constexpr const char* kEvents = "events";
constexpr const char* kFiles = "files";

std::set<std::int64_t> recall_series(store::Connection& database) {
  std::set<std::int64_t> series;
  store::Rows rows = database.query("SELECT id FROM series WHERE name = 'e_recall@1'");
  while (rows.next()) series.insert(rows.integer(0));
  return series;
}

/// Of which tables and reports read figures: of each series its best, last and selected one, of all series those at the
/// best recall, which is where distances have their best figure.
ThinningTerms terms_of(store::Connection& database, TrialId trial, std::int64_t kept) {
  ThinningTerms terms{.kept = kept, .run_from = store::before_run(database, trial).attempt};
  const std::set<std::int64_t> recalls = recall_series(database);
  for (const store::Figures& figures : store::read_results(database, trial)) {
    const bool is_recall = recalls.contains(figures.series);
    for (const auto epoch :
         {std::optional(figures.best_epoch), std::optional(figures.last_epoch), figures.selected_epoch}) {
      if (epoch) terms.own_epochs[figures.series].insert(*epoch);
      if (epoch && is_recall) terms.epochs.insert(*epoch);
    }
  }
  return terms;
}

/// Thins one trial, or removes more of its rows; how many of them went.
std::int64_t thin(store::Connection& database, const store::OldTrial& old, std::int64_t kept) {
  if (!old.is_thinned) {
    const std::vector<store::Point> all = store::read_points(database, old.trial, {.attempt = 0});
    const std::vector<store::Point> points = thinned(all, terms_of(database, old.trial, kept));
    store::keep_points(database, old.trial, points, kept, std::ssize(all) - std::ssize(points));
  }
  const std::int64_t removed = store::remove_point_rows(database, old.trial, kRowsOfStep);
  if (removed < kRowsOfStep) store::set_thinned(database, old.trial);
  return removed;
}

/// True when there may be more to do.
bool thin_some(store::Connection& database, Time before, std::int64_t kept, Time now, steady_clock::time_point until) {
  const auto trials = store::trials_to_thin(database, before, kTrialsOfStep);
  std::int64_t rows = 0, done = 0;
  for (const store::OldTrial& old : trials) {
    rows += thin(database, old, kept);
    done += old.is_thinned ? 0 : 1;
    if (rows >= kRowsOfStep || steady_clock::now() >= until) break;
  }
  if (!trials.empty()) store::add_to_record(database, kPoints, now, done, rows);
  return !trials.empty();
}

bool forget_some(store::Connection& database, Time before, Time now) {
  const store::Forgotten forgotten = store::forget_events(database, before, kTrialsOfStep);
  if (forgotten.trials > 0) store::add_to_record(database, kEvents, now, forgotten.trials, forgotten.events);
  return forgotten.trials > 0;
}

bool let_some_go(store::Connection& database, Time before, Time now) {
  const store::LetGo gone = store::let_files_go(database, before, kTrialsOfStep);
  if (gone.trials > 0) store::add_to_record(database, kFiles, now, gone.trials, gone.files);
  return gone.trials > 0;
}

std::string days_text(Duration duration) {
  const auto days = std::chrono::duration_cast<std::chrono::days>(duration).count();
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

/// "; so far of 12 trials, by 3400 rows, last at 2026-01-02T03:04:05Z"
std::string record_text(store::Connection& database, const char* task, const char* what = "rows") {
  const store::UpkeepRecord record = store::read_record(database, task);
  if (record.trials == 0) return "; none so far";
  return "; so far of " + std::to_string(record.trials) + " trials, by " + std::to_string(record.removed) + " " + what +
         ", last at " + to_iso8601(record.newest);
}

}  // namespace

void Retention::tick() {
  const auto now = clock_.steady_now();
  if (under_way_ || now < next_look_) return;
  next_look_ = now + kLookEvery;
  under_way_ = true;
  go_on();
}

void Retention::go_on() {
  const auto work = [terms = terms_, now = clock_.now()](store::Connection& database) -> Result<bool> {
    const auto until = steady_clock::now() + kLongestStep;
    if (terms.requests.count() > 0) store::prune_requests(database, now - terms.requests);
    const bool points =
        terms.points.count() > 0 && thin_some(database, now - terms.points, terms.kept_points, now, until);
    const bool events =
        terms.events.count() > 0 && steady_clock::now() < until && forget_some(database, now - terms.events, now);
    const bool files =
        terms.artifacts.count() > 0 && steady_clock::now() < until && let_some_go(database, now - terms.artifacts, now);
    return points || events || files;
  };
  store_.write<bool>(
      work,
      [this](Result<bool> more) {
        if (more && *more) return go_on();
        if (!more) spdlog::warn("what is old stays for now: {}", more.error().message());
        under_way_ = false;
      },
      kRowsOfStep);
}

std::vector<std::string> Retention::lines(store::Connection& database) const {
  std::vector<std::string> lines;
  lines.push_back(terms_.points.count() == 0
                      ? "curves: kept whole" + record_text(database, kPoints)
                      : "curves: thinned to " + std::to_string(terms_.kept_points) + " points " +
                            days_text(terms_.points) + " after a trial's end" + record_text(database, kPoints));
  lines.push_back(terms_.events.count() == 0 ? "events: kept" + record_text(database, kEvents)
                                             : "events: all but the last words go " + days_text(terms_.events) +
                                                   " after a trial's end" + record_text(database, kEvents));
  lines.push_back((terms_.artifacts.count() == 0 ? std::string("files: kept")
                                                 : "files: all but best networks, results and logs go " +
                                                       days_text(terms_.artifacts) + " after a trial's end") +
                  record_text(database, kFiles, "files"));
  lines.push_back(terms_.requests.count() == 0 ? "request ids: kept"
                                               : "request ids: kept for " + days_text(terms_.requests));
  return lines;
}

}  // namespace oodml::coordinator::upkeep
