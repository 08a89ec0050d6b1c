#include "coordinator/store/mark_table.h"

namespace oodml::coordinator::store {
namespace {

constexpr const char* kCordoned = "cordoned";
constexpr const char* kDrained = "drained";

}  // namespace

std::vector<MarkRow> read_marks(Connection& database) {
  std::vector<MarkRow> marks;
  Rows rows = database.query("SELECT worker, mark, reason, said_by, since FROM worker_marks ORDER BY worker");
  while (rows.next()) {
    marks.push_back({.worker = rows.text(0),
                     .mark = rows.text(1) == kDrained ? WorkerMark::kDrained : WorkerMark::kCordoned,
                     .reason = rows.text(2),
                     .said_by = rows.text(3),
                     .since = from_millis(rows.integer(4))});
  }
  return marks;
}

void set_mark(Connection& database, const MarkRow& mark) {
  database.execute("INSERT OR REPLACE INTO worker_marks (worker, mark, reason, said_by, since) VALUES (?, ?, ?, ?, ?)",
                   mark.worker, mark.mark == WorkerMark::kDrained ? kDrained : kCordoned, mark.reason, mark.said_by,
                   mark.since);
}

void delete_mark(Connection& database, const std::string& worker) {
  database.execute("DELETE FROM worker_marks WHERE worker = ?", worker);
}

}  // namespace oodml::coordinator::store
