#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/scale/scale_config.h"
#include "core/job/need.h"

namespace oodml::cli::scale {

/// Trials that wait for the same.
struct Waiting {
  job::Need need;
  std::int64_t trials = 0;
};

/// How a profile stands when it is decided about.
struct Supply {
  std::vector<std::string> pending;  ///< Jobs that wait, the oldest first.
  std::int64_t starting = 0;         ///< Jobs that run, without a worker that the coordinator knows.
  std::int64_t working = 0;          ///< Jobs with a worker.
  std::int64_t in_doubt = 0;         ///< Workers asked for, of which the cluster shows no job yet.
  bool may_submit = true;            ///< Neither paused nor between two tries.
  bool may_cancel = true;            ///< Nothing was submitted just now.

  std::int64_t all() const { return static_cast<std::int64_t>(pending.size()) + starting + working + in_doubt; }
};

struct Decision {
  std::int64_t waiting = 0;         ///< Trials that it could serve, beyond what profiles before it take.
  std::int64_t submit = 0;          ///< Workers to ask for.
  std::vector<std::string> cancel;  ///< Pending jobs that nothing waits for any more.
};

struct Plan {
  std::vector<Decision> profiles;     ///< As the configuration has them.
  std::vector<std::string> unserved;  ///< For people: what waits, and why no profile is for it.
};

/// Why a worker of the profile could not run such a trial; empty: it could.
std::string why_not(const Profile& profile, const job::Need& need);

/// How many workers each profile lacks or has too many. Trials that wait are given to the first profile that can serve
/// them and has room; never more workers of a profile than its max_workers, whatever waits. Workers that take no part
/// yet (pending, starting, in doubt) count with trials_per_worker trials, others with what they take beyond their
/// slots.
Plan make_plan(const std::vector<Profile>& profiles, const std::vector<Supply>& supply, std::vector<Waiting> waiting);

}  // namespace oodml::cli::scale
