#include "tests/integration/history/final_state.h"

#include <cstdio>

#include "tests/integration/database_rows.h"

namespace oodml::testing::history {
namespace {

TrialId trial_in(const DatabaseRow& row) { return {row.integer(0)}; }
AttemptKey attempt_in(const DatabaseRow& row) { return {trial_in(row), row.integer(1)}; }

std::string exact(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%a", value);
  return text;
}

}  // namespace

FinalState read_final_state(const std::filesystem::path& database) {
  FinalState end;
  read_rows(database, "SELECT id, fingerprint, state, attempt FROM trials", [&](const DatabaseRow& row) {
    end.trials[trial_in(row)] = {.fingerprint = row.text(1), .state = row.text(2), .attempt = row.integer(3)};
  });
  read_rows(database,
            "SELECT trial_id, attempt, lease_id, worker, request_id, coalesce(outcome, ''), last_sequence, "
            "coalesce(checkpoint_epoch, -1) FROM attempts",
            [&](const DatabaseRow& row) {
              end.attempts[attempt_in(row)] = {.lease = {row.text(2)},
                                               .worker = row.text(3),
                                               .request_id = row.text(4),
                                               .outcome = row.text(5),
                                               .last_sequence = row.integer(6),
                                               .checkpoint_epoch = row.integer(7)};
            });
  read_rows(
      database,
      "SELECT p.trial_id, p.attempt, p.sequence, s.set_name || '/' || s.embeds || '/' || s.name, p.epoch, p.value "
      "FROM metric_points p JOIN series s ON s.id = p.series_id",
      [&](const DatabaseRow& row) {
        end.points[attempt_in(row)][row.integer(2)] = {
            .series = row.text(3), .epoch = row.integer(4), .value = row.number(5)};
      });
  read_rows(database, "SELECT trial_id, attempt, sequence FROM events",
            [&](const DatabaseRow& row) { end.events[attempt_in(row)].insert(row.integer(2)); });
  read_rows(
      database,
      "SELECT r.trial_id, s.set_name || '/' || s.embeds || '/' || s.name, r.best_value, r.best_epoch, r.last_value, "
      "r.last_epoch FROM results r JOIN series s ON s.id = r.series_id",
      [&](const DatabaseRow& row) {
        end.results[trial_in(row)][row.text(1)] =
            exact(row.number(2)) + " at " + row.text(3) + ", " + exact(row.number(4)) + " at " + row.text(5);
      });
  read_rows(database, "SELECT sweep_id, trial_id FROM sweep_trials",
            [&](const DatabaseRow& row) { end.sweeps[{row.integer(0)}].insert({row.integer(1)}); });
  read_rows(database, "SELECT kind, id FROM requests",
            [&](const DatabaseRow& row) { end.requests.emplace(row.text(0), row.text(1)); });
  return end;
}

}  // namespace oodml::testing::history
