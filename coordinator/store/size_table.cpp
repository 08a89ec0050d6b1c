#include "coordinator/store/size_table.h"

#include <algorithm>
#include <map>

namespace oodml::coordinator::store {
namespace {

constexpr std::int64_t kMostCounted = std::int64_t{1} << 30;  // bytes of a file whose pages are looked at one by one
constexpr int kSample = 1000;
constexpr std::int64_t kBytesOfRow = 12;  // what SQLite needs beside the values, and pages that are not full

std::int64_t number(Connection& database, const std::string& sql) {
  Rows rows = database.query(sql);
  return rows.next() ? rows.integer(0) : 0;
}

bool counts_pages(Connection& database) {
  return number(database, "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_DBSTAT_VTAB'") >
             0 &&
         file_size(database).bytes <= kMostCounted;
}

std::vector<std::string> table_names(Connection& database) {
  std::vector<std::string> names;
  Rows rows = database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

std::map<std::string, std::int64_t> counted_bytes(Connection& database) {
  std::map<std::string, std::int64_t> bytes;
  Rows rows = database.query(
      "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name "
      "WHERE d.aggregate = TRUE GROUP BY m.tbl_name");
  while (rows.next()) bytes[rows.text(0)] = rows.integer(1);
  return bytes;
}

/// Of one row, from the first ones. Names are those of our own schema.
std::int64_t usual_bytes(Connection& database, const std::string& table) {
  std::string sum = std::to_string(kBytesOfRow);
  {
    Rows rows = database.query("SELECT name FROM pragma_table_info(?)", table);
    while (rows.next()) {
      const std::string column = "\"" + rows.text(0) + "\"";
      sum += " + CASE typeof(" + column + ") WHEN 'null' THEN 0 WHEN 'integer' THEN 3 WHEN 'real' THEN 8 ELSE length(" +
             column + ") END";
    }
  }
  return number(database,
                "SELECT avg(" + sum + ") FROM (SELECT * FROM \"" + table + "\" LIMIT " + std::to_string(kSample) + ")");
}

}  // namespace

FileSize file_size(Connection& database) {
  const std::int64_t page = number(database, "PRAGMA page_size");
  return {.bytes = page * number(database, "PRAGMA page_count"),
          .free_bytes = page * number(database, "PRAGMA freelist_count")};
}

std::vector<TableSize> table_sizes(Connection& database) {
  const bool counted = counts_pages(database);
  const auto bytes = counted ? counted_bytes(database) : std::map<std::string, std::int64_t>();
  std::vector<TableSize> sizes;
  for (const std::string& table : table_names(database)) {
    TableSize size{.table = table, .rows = number(database, "SELECT count(*) FROM \"" + table + "\"")};
    const auto known = bytes.find(table);
    size.bytes = counted ? (known == bytes.end() ? 0 : known->second) : size.rows * usual_bytes(database, table);
    sizes.push_back(std::move(size));
  }
  std::ranges::stable_sort(sizes, std::ranges::greater(), &TableSize::bytes);
  return sizes;
}

Counts count_all(Connection& database) {
  return {
      .sweeps = number(database, "SELECT count(*) FROM sweeps WHERE deleted IS NULL"),
      .archived_sweeps = number(database, "SELECT count(*) FROM sweeps WHERE deleted IS NULL AND archived IS NOT NULL"),
      .trials = number(database, "SELECT count(*) FROM trials")};
}

StateCounts count_states(Connection& database) {
  Rows rows = database.query(
      "SELECT total(state = 'queued'), total(state = 'running'), total(state = 'backoff'), total(state = 'paused'), "
      "total(state = 'succeeded'), total(state = 'failed'), total(state = 'cancelled') FROM trials");
  if (!rows.next()) return {};
  return {.queued = rows.integer(0),
          .running = rows.integer(1),
          .backoff = rows.integer(2),
          .paused = rows.integer(3),
          .succeeded = rows.integer(4),
          .failed = rows.integer(5),
          .cancelled = rows.integer(6)};
}

}  // namespace oodml::coordinator::store
