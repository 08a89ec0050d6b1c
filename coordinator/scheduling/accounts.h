#pragma once

#include <string>
#include <unordered_map>

#include "coordinator/scheduling/fair_share.h"
#include "coordinator/scheduling/limits.h"

namespace oodml::coordinator::scheduling {

/// On whose account each trial runs: what shares and limits go by. Not thread-safe.
class Accounts {
 public:
  /// The trial runs, or is about to, on this account from now on.
  void begin(TrialId trial, const store::Charge& charge, Steady now);
  /// It does not run any more; nothing when it did not. Whether a limit has room now that had none.
  bool end(TrialId trial, Steady now);

  FairShare shares;
  Limits limits;

 private:
  std::unordered_map<TrialId, store::Charge> running_;
};

}  // namespace oodml::coordinator::scheduling
