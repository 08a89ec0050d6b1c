#include "coordinator/scheduling/accounts.h"

namespace oodml::coordinator::scheduling {

void Accounts::begin(TrialId trial, const store::Charge& charge, Steady now) {
  if (const auto known = running_.find(trial); known != running_.end()) {
    if (known->second == charge) return;
    end(trial, now);
  }
  running_.emplace(trial, charge);
  limits.begin(charge);
  shares.begin(charge.owner, now);
}

bool Accounts::end(TrialId trial, Steady now) {
  const auto known = running_.find(trial);
  if (known == running_.end()) return false;
  const bool has_room = limits.end(known->second);
  shares.end(known->second.owner, now);
  running_.erase(known);
  return has_room;
}

}  // namespace oodml::coordinator::scheduling
