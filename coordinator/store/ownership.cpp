#include "coordinator/store/ownership.h"

#include <stdexcept>
#include <utility>

namespace oodml::coordinator::store {
namespace {

Owned owned_at(const Rows& rows) { return {.sweep = {rows.integer(0)}, .name = rows.text(1), .owner = rows.text(2)}; }

Owned owner_of(Connection& database, SweepId sweep) {
  Rows rows = database.query("SELECT id, name, owner FROM sweeps WHERE id = ?", sweep);
  if (!rows.next()) throw std::logic_error("no sweep " + std::to_string(sweep.value));
  return owned_at(rows);
}

}  // namespace

Status check_may_change(Connection& database, SweepId sweep, const Person& by) {
  if (by.is_operator) return {};
  const Owned owned = owner_of(database, sweep);
  if (owned.owner.empty() || owned.owner == by.name) return {};
  return {StatusCode::kPermissionDenied, "sweep " + std::to_string(sweep.value) + " " + owned.name + " belongs to " +
                                             owned.owner + ": " + owned.owner +
                                             " or an operator may change it, and you are " + by.name};
}

std::string said_by(std::string subject, const Person& by) {
  return by.name.empty() ? std::move(subject) : std::move(subject) + "\nby " + by.name;
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
