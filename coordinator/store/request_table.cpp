#include "coordinator/store/request_table.h"

#include "core/job/limits.h"

namespace oodml::coordinator::store {

Result<std::optional<std::string>> find_request(Connection& database, const std::string& kind, const std::string& id,
                                                const std::string& subject) {
  if (id.empty()) return std::nullopt;
  if (id.size() > job::kMaxRequestIdBytes) {
    return invalid_argument("request id of " + std::to_string(id.size()) + " characters; at most " +
                            std::to_string(job::kMaxRequestIdBytes) + " are accepted");
  }
  Rows rows = database.query("SELECT subject, reply FROM requests WHERE kind = ? AND id = ?", kind, id);
  if (!rows.next()) return std::nullopt;
  if (rows.text(0) != subject) {
    return failure(StatusCode::kAlreadyExists, "request id '" + id + "' was already used for another " + kind +
                                                   "; every request needs an id of its own");
  }
  return rows.text(1);
}

void insert_request(Connection& database, const std::string& kind, const std::string& id, const std::string& subject,
                    const std::string& reply, Time now) {
  if (id.empty()) return;
  database.execute("INSERT OR REPLACE INTO requests (kind, id, subject, reply, created) VALUES (?, ?, ?, ?, ?)", kind,
                   id, subject, reply, now);
}

bool insert_new_request(Connection& database, const std::string& kind, const std::string& id,
                        const std::string& subject, const std::string& reply, Time now) {
  if (id.empty()) return true;
  if (id.size() > job::kMaxRequestIdBytes) return false;
  return database.execute(
             "INSERT INTO requests (kind, id, subject, reply, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
             kind, id, subject, reply, now) > 0;
}

void prune_requests(Connection& database, Time older_than) {
  // Where there are fewer the inner query has no row, and NULL is not older than anything.
  database.execute(
      "DELETE FROM requests WHERE created < min(?, (SELECT created FROM requests ORDER BY created DESC LIMIT 1 OFFSET ?))",
      older_than, kKeptRequests - 1);
}

}  // namespace oodml::coordinator::store
