#include "coordinator/store/outbox_table.h"

#include "coordinator/store/ids_of.h"

namespace oodml::coordinator::store {

std::int64_t told_of(Connection& database, SweepId sweep) {
  Rows rows = database.query("SELECT told FROM sweeps WHERE id = ?", sweep);
  return rows.next() ? rows.integer(0) : 0;
}

void set_told(Connection& database, SweepId sweep, std::int64_t told) {
  database.execute("UPDATE sweeps SET told = ? WHERE id = ?", told, sweep);
}

std::vector<SweepId> sweeps_not_told(Connection& database) {
  return ids_of<SweepId>(database.query("SELECT id FROM sweeps WHERE told & 1 = 0 AND deleted IS NULL ORDER BY id"));
}

std::int64_t put_message(Connection& database, const OutgoingMessage& message, std::int64_t most) {
  database.execute("INSERT INTO outbox (hook, delivery, kind, body, created) VALUES (?, ?, ?, ?, ?)", message.hook,
                   message.delivery, message.kind, message.body, message.created);
  return database.execute(
      "DELETE FROM outbox WHERE hook = ?1 AND id <= (SELECT id FROM outbox WHERE hook = ?1 ORDER BY id DESC LIMIT 1 "
      "OFFSET ?2)",
      message.hook, most);
}

std::vector<OutgoingMessage> next_messages(Connection& database) {
  std::vector<OutgoingMessage> messages;
  Rows rows = database.query(
      "SELECT id, hook, delivery, kind, body, created, tries, problem FROM outbox "
      "WHERE id IN (SELECT min(id) FROM outbox GROUP BY hook) ORDER BY hook");
  while (rows.next()) {
    messages.push_back({.id = rows.integer(0),
                        .hook = rows.text(1),
                        .delivery = rows.text(2),
                        .kind = rows.text(3),
                        .body = rows.text(4),
                        .created = from_millis(rows.integer(5)),
                        .tries = rows.integer(6),
                        .problem = rows.text(7)});
  }
  return messages;
}

void note_try(Connection& database, std::int64_t id, const std::string& problem) {
  database.execute("UPDATE outbox SET tries = tries + 1, problem = ? WHERE id = ?", problem, id);
}

void remove_message(Connection& database, std::int64_t id) { database.execute("DELETE FROM outbox WHERE id = ?", id); }

}  // namespace oodml::coordinator::store
