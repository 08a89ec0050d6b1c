#include "coordinator/store/schema.h"

namespace oodml::coordinator::store {
namespace {

constexpr std::int64_t kApplicationId = 0x6F6F646D;  // "oodm", so that another program's database is refused

std::int64_t pragma(Connection& database, const char* sql) {
  Rows rows = database.query(sql);
  return rows.next() ? rows.integer(0) : 0;
}

Status check_owner(Connection& database, std::int64_t version) {
  const std::int64_t application = pragma(database, "PRAGMA application_id");
  const bool empty = pragma(database, "SELECT count(*) FROM sqlite_master") == 0;
  if (application == kApplicationId || (version == 0 && application == 0 && empty)) return {};
  return failed_precondition("database " + database.path().string() +
                             " is not a coordinator's database; name another file, or one that does not exist yet");
}

void apply(Connection& database, const Migration& migration) {
  const std::string version = std::to_string(migration.version);
  try {
    database.script("BEGIN IMMEDIATE;" + migration.sql);
    if (migration.fill) migration.fill(database);
    database.script("PRAGMA application_id = " + std::to_string(kApplicationId) + ";PRAGMA user_version = " + version +
                    ";INSERT INTO meta (key, value) VALUES ('schema_version', '" + version +
                    "') ON CONFLICT (key) DO UPDATE SET value = excluded.value;COMMIT;");
  } catch (...) {
    if (database.in_transaction()) database.script("ROLLBACK");
    throw;
  }
}

}  // namespace

Status check_version(Connection& database, const std::vector<Migration>& list) {
  const std::int64_t version = pragma(database, "PRAGMA user_version");
  OODML_RETURN_IF_ERROR(check_owner(database, version));
  if (version > newest_version(list)) {
    return failed_precondition("database " + database.path().string() + " has schema version " +
                               std::to_string(version) + ", this program knows versions up to " +
                               std::to_string(newest_version(list)) + "; start a newer oodml-coordinator");
  }
  return {};
}

Status check_is_newest(Connection& database, const std::vector<Migration>& list) {
  OODML_RETURN_IF_ERROR(check_version(database, list));
  const std::int64_t version = pragma(database, "PRAGMA user_version");
  if (version == newest_version(list)) return {};
  return failed_precondition("database " + database.path().string() + " has schema version " + std::to_string(version) +
                             ", and " + std::to_string(newest_version(list)) +
                             " is read; whatever runs on it next, oodml local or oodml-coordinator, brings it forward");
}

Status migrate(Connection& database, const std::vector<Migration>& list) {
  OODML_RETURN_IF_ERROR(check_version(database, list));
  const std::int64_t version = pragma(database, "PRAGMA user_version");
  for (const Migration& migration : list) {
    if (migration.version > version) apply(database, migration);
  }
  return {};
}

}  // namespace oodml::coordinator::store
