#include "tests/integration/history/final_state.h"

#include <cstdio>
#include <map>
#include <stdexcept>
#include <vector>

#include "coordinator/store/figure_pack.h"
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

/// Of packed figures in hexadecimal digits. Throws std::runtime_error for what is none.
std::vector<coordinator::store::Figures> figures_in(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  std::vector<coordinator::store::Figures> figures;
  if (const Status read = coordinator::store::unpack_figures(bytes, figures); !read.ok()) {
    throw std::runtime_error(read.message());
  }
  return figures;
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
  std::map<std::int64_t, std::string> series;
  read_rows(database, "SELECT id, set_name || '/' || embeds || '/' || name FROM series",
            [&](const DatabaseRow& row) { series[row.integer(0)] = row.text(1); });
  read_rows(database, "SELECT trial_id, hex(figures) FROM trial_results", [&](const DatabaseRow& row) {
    for (const coordinator::store::Figures& one : figures_in(row.text(1))) {
      end.results[trial_in(row)][series.at(one.series)] = exact(one.best) + " at " + std::to_string(one.best_epoch) +
                                                          ", " + exact(one.last) + " at " +
                                                          std::to_string(one.last_epoch);
    }
  });
  read_rows(database, "SELECT sweep_id, trial_id FROM sweep_trials",
            [&](const DatabaseRow& row) { end.sweeps[{row.integer(0)}].insert({row.integer(1)}); });
  read_rows(database, "SELECT kind, id FROM requests",
            [&](const DatabaseRow& row) { end.requests.emplace(row.text(0), row.text(1)); });
  return end;
}

}  // namespace oodml::testing::history
