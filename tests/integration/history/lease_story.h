#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/integration/history/call.h"
#include "tests/integration/history/final_state.h"

namespace oodml::testing::history {

/// From when to when something may have happened.
struct Span {
  Instant sent, answered;
};

/// All that is known of one lease.
struct LeaseStory {
  struct Told {
    Span when;
    job::Directive directive;
    bool delivered;
  };
  struct End {
    Span when;
    Answer answer;
    std::string request_id;
    job::Outcome outcome;
  };
  /// A call that wants to write under the lease.
  struct Write {
    Span when;
    Instant asked;
    Answer answer;
    std::string what;
  };

  job::Lease lease;
  std::vector<std::string>
      askers;  ///< "worker under request id" of each answer that gave it, all equal where all is well
  Span given;  ///< The first answer that gave it.
  std::vector<Told> told;
  std::vector<End> ends;
  std::vector<Write> writes;  ///< Events and checkpoints.
};

/// By trial and epoch. Leases of which no answer is known are left out; `clashes` gets those that share an epoch.
std::map<AttemptKey, LeaseStory> lease_stories(const std::vector<Call>& calls, std::vector<std::string>& clashes);

std::string name_of(const AttemptKey& key);

}  // namespace oodml::testing::history
