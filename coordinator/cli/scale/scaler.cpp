#include "coordinator/cli/scale/scaler.h"

#include <algorithm>

#include "coordinator/cli/scale/reconcile.h"
#include "core/base/ids.h"
#include "core/base/words.h"

namespace oodml::cli::scale {
namespace {

std::string workers_text(std::int64_t workers) {
  return std::to_string(workers) + (workers == 1 ? " worker" : " workers");
}

std::vector<std::string> stuck_jobs(const std::vector<Job>& jobs, const std::string& profile) {
  std::vector<std::string> ids;
  for (const Job& job : jobs) {
    if (job.stuck && job.profile == profile) ids.push_back(job.id);
  }
  return ids;
}

std::string first_reason(const std::vector<Job>& jobs, const std::string& profile) {
  for (const Job& job : jobs) {
    if (job.profile == profile && job.phase == JobPhase::kPending && !job.reason.empty()) return job.reason;
  }
  return "";
}

void note(ProfileState& profile, const Supply& supply, const Decision& decision, std::string reason) {
  profile.waiting = decision.waiting;
  profile.pending = static_cast<std::int64_t>(supply.pending.size());
  profile.starting = supply.starting;
  profile.working = supply.working;
  profile.in_doubt = supply.in_doubt;
  profile.pending_reason = std::move(reason);
}

}  // namespace

/// Slurm may take a submission after sbatch was killed, but hardly later than the next call would have failed.
Duration Scaler::doubt() const { return 2 * config_.command_timeout + std::chrono::seconds(30); }

void Scaler::complain(Trouble& trouble, const std::string& what) {
  note_failure(trouble, what, clock_.now());
  trouble_ = what;
  say_(what);
}

Status Scaler::look(const StateFile& file, bool dry_run) {
  trouble_.clear();
  OODML_ASSIGN_OR_RETURN(ScaleState state, file.read());
  const Time now = clock_.now();
  if (now < std::max(state.cluster.retry_at, state.coordinator.retry_at) && !dry_run) return {};
  state.looked_at = now;
  const auto jobs = cluster_.jobs();
  const auto backlog = backlog_();
  if (!jobs) complain(state.cluster, jobs.error().message());
  if (!backlog) complain(state.coordinator, backlog.error().message());
  if (jobs) note_success(state.cluster);
  if (backlog) note_success(state.coordinator);
  if (jobs && backlog) OODML_RETURN_IF_ERROR(act(file, state, *jobs, *backlog, dry_run));
  return dry_run ? Status() : file.write(state);
}

Status Scaler::act(const StateFile& file, ScaleState& state, const std::vector<Job>& jobs, const Backlog& backlog,
                   bool dry_run) {
  const Time now = clock_.now();
  reconcile(state, config_, jobs, backlog.workers, doubt(), now);
  const std::vector<Supply> supply = supply_of(state, config_, jobs, backlog.workers, now);
  Plan plan = make_plan(config_.profiles, supply, backlog.waiting);
  state.unserved = std::move(plan.unserved);
  for (std::size_t i = 0; i < config_.profiles.size(); ++i) {
    const Profile& profile = config_.profiles[i];
    Decision& decision = plan.profiles[i];
    note(state.profiles[profile.name], supply[i], decision, first_reason(jobs, profile.name));
    std::ranges::copy(stuck_jobs(jobs, profile.name), std::back_inserter(decision.cancel));
    cancel(state, profile, decision.cancel, dry_run);
    OODML_RETURN_IF_ERROR(submit(file, state, profile, decision.submit, dry_run));
  }
  return {};
}

void Scaler::cancel(ScaleState& state, const Profile& profile, const std::vector<std::string>& ids, bool dry_run) {
  if (ids.empty()) return;
  say_((dry_run ? "would cancel " : "cancel ") + std::to_string(ids.size()) + " pending of " + profile.name + ": " +
       joined(ids));
  if (dry_run) return;
  if (const Status status = cluster_.cancel(ids); !status.ok()) complain(state.cluster, status.message());
}

/// Until the first that fails.
Status Scaler::submit(const StateFile& file, ScaleState& state, const Profile& profile, std::int64_t workers,
                      bool dry_run) {
  if (workers > 0 && dry_run) {
    say_("would ask for " + workers_text(workers) + " of " + profile.name + " for " +
         std::to_string(state.profiles[profile.name].waiting) + " waiting trials");
    return {};
  }
  const std::int64_t failures = state.profiles[profile.name].trouble.failures;
  while (workers > 0 && state.profiles[profile.name].trouble.failures == failures) {
    const std::int64_t at_once = profile.array ? workers : 1;
    OODML_RETURN_IF_ERROR(submit_once(file, state, profile, at_once));
    workers -= at_once;
  }
  return {};
}

/// The intention is on the disk first: were the answer lost, its jobs would be known by their tag.
Status Scaler::submit_once(const StateFile& file, ScaleState& state, const Profile& profile, std::int64_t workers) {
  const Submission submission{.tag = random_hex_128(), .workers = workers};
  state.asked.push_back({.tag = submission.tag, .profile = profile.name, .workers = workers, .at = clock_.now()});
  ProfileState& known = state.profiles[profile.name];
  known.submitted_at = clock_.now();
  OODML_RETURN_IF_ERROR(file.write(state));
  const auto id = cluster_.submit(profile, submission);
  if (id) {
    say_("asked for " + workers_text(workers) + " of " + profile.name + ": job " + *id);
  } else {
    note_failure(known, id.error().message(), clock_.now());
    trouble_ = profile.name + ": " + id.error().message();
    say_(trouble_ + (known.paused_until > clock_.now()
                         ? "; paused for an hour after " + std::to_string(known.trouble.failures) +
                               " failures, see oodml scale resume"
                         : ""));
  }
  return file.write(state);
}

}  // namespace oodml::cli::scale
