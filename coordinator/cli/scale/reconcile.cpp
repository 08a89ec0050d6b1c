#include "coordinator/cli/scale/reconcile.h"

#include <algorithm>
#include <map>

namespace oodml::cli::scale {
namespace {

bool is_alive(const Job& job) { return job.phase == JobPhase::kPending || job.phase == JobPhase::kRunning; }

bool has_worker(const ScaleConfig& config, const Job& job, const std::set<std::string>& workers) {
  return job.phase == JobPhase::kRunning && workers.contains(config.name + "-" + job.profile + "-" + job.raw_id);
}

/// Jobs that were alive at the last look, by id.
std::map<std::string, bool> known_before(const ScaleState& state) {
  std::map<std::string, bool> known;
  for (const KnownJob& job : state.jobs) known[job.id] = job.had_worker;
  return known;
}

/// One that came to nothing within a worker's idle time never had one.
bool is_failure(const ScaleConfig& config, const Job& job, bool had_worker) {
  if (job.phase == JobPhase::kFailed) return true;
  return job.state == "COMPLETED" && !had_worker && config.idle >= 2 * config.interval;
}

std::string how_it_ended(const Job& job) {
  if (job.phase != JobPhase::kFailed)
    return "job " + job.id + " ended, and no worker came of it; see jobs/ of the folder";
  const std::string why = job.reason.empty() ? "" : " (" + job.reason + ")";
  return "job " + job.id + (job.stuck ? " cannot begin: " : " ended as ") + job.state + why +
         (job.stuck ? "" : "; what it said is in jobs/ of the folder");
}

}  // namespace

void note_failure(Trouble& trouble, const std::string& reason, Time now) {
  ++trouble.failures;
  trouble.reason = reason;
  trouble.since = now;
  const std::int64_t doublings = std::min<std::int64_t>(trouble.failures - 1, 10);
  trouble.retry_at = now + std::min(kFirstRetry * (1 << doublings), kLongestRetry);
}

void note_failure(ProfileState& profile, const std::string& reason, Time now) {
  note_failure(profile.trouble, reason, now);
  if (profile.trouble.failures >= kFailuresBeforePause) profile.paused_until = now + kPause;
}

void resume(ProfileState& profile) {
  note_success(profile.trouble);
  profile.paused_until = {};
}

bool may_submit(const ProfileState& profile, const Profile& settings, Time now) {
  return now >= profile.paused_until && now >= profile.trouble.retry_at &&
         now >= profile.submitted_at + settings.cooldown;
}

void reconcile(ScaleState& state, const ScaleConfig& config, const std::vector<Job>& jobs,
               const std::set<std::string>& workers, Duration doubt, Time now) {
  std::set<std::string> shown, asked;
  for (const Job& job : jobs) shown.insert(job.tag);
  for (const Asked& submission : state.asked) asked.insert(submission.tag);
  std::erase_if(state.asked, [&](const Asked& asked) { return shown.contains(asked.tag) || now - asked.at > doubt; });

  const std::map<std::string, bool> before = known_before(state);
  std::set<std::string> failed;  // one failure a look and profile: jobs of an array fall together
  state.jobs.clear();
  for (const Job& job : jobs) {
    ProfileState& profile = state.profiles[job.profile];
    const auto known = before.find(job.id);
    const bool had_worker = known != before.end() && known->second;
    const bool is_news = known != before.end() || asked.contains(job.tag) || job.stuck;
    if (is_alive(job)) {
      const bool works = has_worker(config, job, workers);
      if (works && !had_worker) resume(profile);
      state.jobs.push_back({job.id, job.profile, works || had_worker});
    } else if (is_news && is_failure(config, job, had_worker) && failed.insert(job.profile).second) {
      note_failure(profile, how_it_ended(job), now);
    }
  }
}

std::vector<Supply> supply_of(const ScaleState& state, const ScaleConfig& config, const std::vector<Job>& jobs,
                              const std::set<std::string>& workers, Time now) {
  std::vector<Supply> all;
  for (const Profile& profile : config.profiles) {
    Supply supply;
    for (const Job& job : jobs) {
      if (job.profile != profile.name || !is_alive(job)) continue;
      if (job.phase == JobPhase::kPending) {
        supply.pending.push_back(job.id);
      } else {
        ++(has_worker(config, job, workers) ? supply.working : supply.starting);
      }
    }
    for (const Asked& asked : state.asked) supply.in_doubt += asked.profile == profile.name ? asked.workers : 0;
    const auto known = state.profiles.find(profile.name);
    const ProfileState before = known == state.profiles.end() ? ProfileState() : known->second;
    supply.may_submit = may_submit(before, profile, now);
    supply.may_cancel = now >= before.submitted_at + profile.cooldown;
    all.push_back(std::move(supply));
  }
  return all;
}

}  // namespace oodml::cli::scale
