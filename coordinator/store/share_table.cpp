#include "coordinator/store/share_table.h"

namespace oodml::coordinator::store {
namespace {

OwnerShare share_of(const Rows& rows) {
  return {.owner = rows.text(0), .weight = rows.number(1), .max_parallel = rows.integer(2)};
}

constexpr const char* kUses =
    "SELECT coalesce((SELECT s.owner FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id "
    "WHERE st.trial_id = a.trial_id ORDER BY st.wish DESC, s.priority DESC, st.sweep_id LIMIT 1), ''), "
    "a.started, a.finished FROM attempts a WHERE a.finished IS NULL OR a.finished >= ?";

}  // namespace

std::vector<OwnerShare> read_shares(Connection& database) {
  std::vector<OwnerShare> shares;
  Rows rows = database.query("SELECT owner, weight, max_parallel FROM shares ORDER BY owner");
  while (rows.next()) shares.push_back(share_of(rows));
  return shares;
}

OwnerShare read_share(Connection& database, const std::string& owner) {
  Rows rows = database.query("SELECT owner, weight, max_parallel FROM shares WHERE owner = ?", owner);
  return rows.next() ? share_of(rows) : OwnerShare{.owner = owner};
}

void set_share(Connection& database, const OwnerShare& share) {
  database.execute("INSERT OR REPLACE INTO shares (owner, weight, max_parallel) VALUES (?, ?, ?)", share.owner,
                   share.weight, share.max_parallel);
}

std::vector<LabelLimit> read_label_limits(Connection& database) {
  std::vector<LabelLimit> limits;
  Rows rows = database.query("SELECT axis, label, max_parallel FROM label_limits ORDER BY axis, label");
  while (rows.next()) {
    limits.push_back({.label = {.axis = rows.text(0), .label = rows.text(1)}, .max_parallel = rows.integer(2)});
  }
  return limits;
}

void set_label_limit(Connection& database, const LabelLimit& limit) {
  if (limit.max_parallel == 0) {
    database.execute("DELETE FROM label_limits WHERE axis = ? AND label = ?", limit.label.axis, limit.label.label);
  } else {
    database.execute("INSERT OR REPLACE INTO label_limits (axis, label, max_parallel) VALUES (?, ?, ?)",
                     limit.label.axis, limit.label.label, limit.max_parallel);
  }
}

std::vector<Situation> situations_with(Connection& database, const Label& label) {
  std::vector<Situation> situations;
  Rows rows = database.query(
      "SELECT DISTINCT t.id FROM trials t CROSS JOIN sweep_trials st ON st.trial_id = t.id "
      "CROSS JOIN sweeps s ON s.id = st.sweep_id AND s.arriving IS NULL CROSS JOIN json_each(st.labels) own "
      "WHERE t.state IN ('queued','running','backoff') AND own.key = ? AND own.value = ?",
      label.axis, label.label);
  while (rows.next()) situations.push_back(situation_of(database, TrialId{rows.integer(0)}));
  return situations;
}

std::vector<Use> uses_since(Connection& database, Time since) {
  std::vector<Use> uses;
  Rows rows = database.query(kUses, since);
  while (rows.next()) {
    uses.push_back({.owner = rows.text(0), .from = from_millis(rows.integer(1)), .until = rows.maybe_time(2)});
  }
  return uses;
}

}  // namespace oodml::coordinator::store
