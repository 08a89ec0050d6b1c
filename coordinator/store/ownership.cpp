#include "coordinator/store/ownership.h"

#include <stdexcept>

namespace oodml::coordinator::store {
namespace {

Owned owned_at(const Rows& rows) { return {.sweep = {rows.integer(0)}, .name = rows.text(1), .owner = rows.text(2)}; }

}  // namespace

Owned owner_of(Connection& database, SweepId sweep) {
  Rows rows = database.query("SELECT id, name, owner FROM sweeps WHERE id = ?", sweep);
  if (!rows.next()) throw std::logic_error("no sweep " + std::to_string(sweep.value));
  return owned_at(rows);
}

std::optional<Owned> held_by_another(Connection& database, TrialId trial, const std::string& person) {
  Rows rows = database.query(
      "SELECT s.id, s.name, s.owner FROM sweep_trials st JOIN sweeps s ON s.id = st.sweep_id "
      "WHERE st.trial_id = ? AND s.owner NOT IN ('', ?) ORDER BY s.id DESC LIMIT 1",
      trial, person);
  if (!rows.next()) return std::nullopt;
  return owned_at(rows);
}

}  // namespace oodml::coordinator::store
