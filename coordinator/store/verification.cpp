#include "coordinator/store/verification.h"

#include <system_error>

#include "coordinator/store/schema.h"
#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {
namespace {

constexpr std::int64_t kMostProblems = 20;  // of a kind

std::int64_t number(Connection& database, const char* sql) {
  Rows rows = database.query(sql);
  return rows.next() ? rows.integer(0) : 0;
}

void check_pages(Connection& database, std::vector<std::string>& problems) {
  Rows rows = database.query("PRAGMA integrity_check(" + std::to_string(kMostProblems) + ")");
  while (rows.next()) {
    if (const std::string line = rows.text(0); line != "ok") problems.push_back("damaged: " + line);
  }
}

void check_references(Connection& database, std::vector<std::string>& problems) {
  Rows rows = database.query("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2");
  while (rows.next()) {
    problems.push_back(std::to_string(rows.integer(2)) + " rows of " + rows.text(0) + " name rows of " + rows.text(1) +
                       " that are not there");
  }
}

struct Agreement {
  const char* problem;
  const char* count;  ///< How many do not agree.
};

/// Of every version of the schema.
constexpr Agreement kAgreements[] = {
    {"trials have no settings", "SELECT count(*) FROM trials WHERE id NOT IN (SELECT trial_id FROM trial_specs)"},
    {"trials belong to no sweep", "SELECT count(*) FROM trials WHERE id NOT IN (SELECT trial_id FROM sweep_trials)"},
    {"trials miss their newest attempt",
     "SELECT count(*) FROM trials t WHERE t.attempt > 0 AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.trial_id = "
     "t.id AND a.attempt = t.attempt)"},
    {"attempts are later than the newest of their trial",
     "SELECT count(*) FROM attempts a JOIN trials t ON t.id = a.trial_id WHERE a.attempt > t.attempt"},
    {"trials are over and say no time of it, or the other way",
     "SELECT count(*) FROM trials WHERE (state IN ('succeeded','failed','cancelled')) != (finished IS NOT NULL)"},
    {"events are of trials that are not there",
     "SELECT count(*) FROM events WHERE trial_id NOT IN (SELECT id FROM trials)"},
    {"points are of trials that are not there",
     "SELECT count(*) FROM metric_points WHERE trial_id NOT IN (SELECT id FROM trials)"}};

void check_rows(Connection& database, std::vector<std::string>& problems) {
  for (const Agreement& agreement : kAgreements) {
    const std::int64_t count = number(database, agreement.count);
    if (count > 0) problems.push_back(std::to_string(count) + " " + agreement.problem);
  }
}

/// From version 15 on a trial that succeeded has a row of results, whatever it measured.
void check_results(Connection& database, std::int64_t version, std::vector<std::string>& problems) {
  const bool is_packed = version >= 15;
  const std::int64_t too_early = number(
      database, is_packed ? "SELECT count(*) FROM trial_results r JOIN trials t ON t.id = r.trial_id WHERE t.state != "
                            "'succeeded'"
                          : "SELECT count(DISTINCT r.trial_id) FROM results r JOIN trials t ON t.id = r.trial_id WHERE "
                            "t.state != 'succeeded'");
  if (too_early > 0) problems.push_back(std::to_string(too_early) + " trials have results and did not succeed");
  if (!is_packed) return;
  const std::int64_t missing = number(
      database,
      "SELECT count(*) FROM trials WHERE state = 'succeeded' AND id NOT IN (SELECT trial_id FROM trial_results)");
  if (missing > 0) problems.push_back(std::to_string(missing) + " trials succeeded and have no row of results");
}

/// What triggers keep, from version 12 on.
void check_counts(Connection& database, std::vector<std::string>& problems) {
  const std::int64_t wrong = number(
      database,
      "SELECT count(*) FROM (SELECT 1 FROM (SELECT st.sweep_id, t.state, st.wish, 1 AS trials FROM sweep_trials st "
      "JOIN trials t ON t.id = st.trial_id UNION ALL SELECT sweep_id, state, wish, -trials FROM sweep_counts) "
      "GROUP BY sweep_id, state, wish HAVING sum(trials) != 0)");
  if (wrong > 0) problems.push_back(std::to_string(wrong) + " counts of the states of sweeps' trials are wrong");
}

void check_said_version(Connection& database, std::int64_t version, std::vector<std::string>& problems) {
  Rows rows = database.query("SELECT value FROM meta WHERE key = 'schema_version'");
  const std::string said = rows.next() ? rows.text(0) : "nothing";
  if (said != std::to_string(version)) {
    problems.push_back("the schema version is " + std::to_string(version) + ", and the table meta says " + said);
  }
}

}  // namespace

Result<Verification> verify_database(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return not_found("no database file " + file.string());
  Verification found;
  try {
    Connection database(file, Access::kRead);
    OODML_RETURN_IF_ERROR(check_version(database, migrations()));
    found.schema_version = number(database, "PRAGMA user_version");
    if (found.schema_version == 0) {
      return failed_precondition(file.string() + " is empty, and no coordinator's database yet");
    }
    check_pages(database, found.problems);
    if (!found.problems.empty()) return found;  // what is read of damaged pages proves nothing
    check_references(database, found.problems);
    check_said_version(database, found.schema_version, found.problems);
    check_rows(database, found.problems);
    check_results(database, found.schema_version, found.problems);
    if (found.schema_version >= 12) check_counts(database, found.problems);
    found.sweeps = number(database, "SELECT count(*) FROM sweeps");
    found.trials = number(database, "SELECT count(*) FROM trials");
    found.attempts = number(database, "SELECT count(*) FROM attempts");
    found.results = number(
        database, found.schema_version >= 15 ? "SELECT sum(count) FROM trial_results" : "SELECT count(*) FROM results");
  } catch (const SqliteError& failed) {
    return failure(failed.status());
  }
  return found;
}

}  // namespace oodml::coordinator::store
