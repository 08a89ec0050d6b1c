#include "tests/integration/database_rows.h"

#include <sqlite3.h>

#include <limits>
#include <memory>
#include <stdexcept>

namespace oodml::testing {

std::int64_t DatabaseRow::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double DatabaseRow::number(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_, column);
}

std::string DatabaseRow::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? "" : text;
}

void read_rows(const std::filesystem::path& database, const std::string& sql,
               const std::function<void(const DatabaseRow&)>& take) {
  // For writing, as a database that was not closed cleanly has a log to be read first.
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection(opened, &sqlite3_close);
  sqlite3_busy_timeout(opened, 10'000);
  sqlite3_stmt* prepared = nullptr;
  if (code == SQLITE_OK) code = sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, &sqlite3_finalize);
  if (code == SQLITE_OK) {
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) take(DatabaseRow(prepared));
  }
  if (code != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
}

}  // namespace oodml::testing
