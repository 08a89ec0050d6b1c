#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

struct sqlite3_stmt;

namespace oodml::testing {

/// A row of a result, columns from 0.
class DatabaseRow {
 public:
  explicit DatabaseRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const;
  double number(int column) const;     ///< NULL: NaN
  std::string text(int column) const;  ///< NULL: empty

 private:
  sqlite3_stmt* statement_;
};

/// Every row of a query on a coordinator's database, for tests that look behind it. Throws std::runtime_error with
/// SQLite's words.
void read_rows(const std::filesystem::path& database, const std::string& sql,
               const std::function<void(const DatabaseRow&)>& take);

}  // namespace oodml::testing
