#pragma once

#include <set>
#include <string>
#include <vector>

#include "coordinator/cli/scale/cluster.h"
#include "coordinator/cli/scale/scale_plan.h"
#include "coordinator/cli/scale/scale_state.h"

namespace oodml::cli::scale {

inline constexpr Duration kFirstRetry = std::chrono::seconds(30), kLongestRetry = std::chrono::minutes(10);
inline constexpr std::int64_t kFailuresBeforePause = 5;
inline constexpr Duration kPause = std::chrono::hours(1);

/// Notes a failure: the next try comes later each time.
void note_failure(Trouble& trouble, const std::string& reason, Time now);
/// The same of a profile, which is paused after kFailuresBeforePause in a row.
void note_failure(ProfileState& profile, const std::string& reason, Time now);
/// Things went well; the reason of the last failure stays for people.
inline void note_success(Trouble& trouble) { trouble.failures = 0, trouble.retry_at = {}; }
/// What was wrong is mended, as a person says or a worker shows.
void resume(ProfileState& profile);

/// Whether the profile may ask for workers now.
bool may_submit(const ProfileState& profile, const Profile& settings, Time now);

/// Holds what is remembered against what the cluster shows: submissions that appear there are in doubt no more, jobs
/// that failed count against their profile, and one whose worker came clears it. `workers`: names of workers that the
/// coordinator knows as there. Whether a submission took place that the cluster does not show is given up after
/// `doubt`.
void reconcile(ScaleState& state, const ScaleConfig& config, const std::vector<Job>& jobs,
               const std::set<std::string>& workers, Duration doubt, Time now);

/// What each profile has, as the configuration has them.
std::vector<Supply> supply_of(const ScaleState& state, const ScaleConfig& config, const std::vector<Job>& jobs,
                              const std::set<std::string>& workers, Time now);

}  // namespace oodml::cli::scale
