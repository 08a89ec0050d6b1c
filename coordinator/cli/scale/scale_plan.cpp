#include "coordinator/cli/scale/scale_plan.h"

#include <algorithm>
#include <limits>

namespace oodml::cli::scale {
namespace {

constexpr std::int64_t kAnyThreads = std::numeric_limits<std::int64_t>::max();  // where the cluster says how many

std::int64_t rounded_up(std::int64_t trials, std::int64_t by) { return trials <= 0 ? 0 : (trials + by - 1) / by; }

/// What waits that the profile can serve.
std::int64_t servable(const Profile& profile, const std::vector<Waiting>& waiting) {
  std::int64_t trials = 0;
  for (const Waiting& group : waiting) {
    if (why_not(profile, group.need).empty()) trials += group.trials;
  }
  return trials;
}

/// Takes so many of them away.
void serve(const Profile& profile, std::int64_t trials, std::vector<Waiting>& waiting) {
  for (Waiting& group : waiting) {
    if (!why_not(profile, group.need).empty()) continue;
    const std::int64_t taken = std::min(trials, group.trials);
    group.trials -= taken;
    trials -= taken;
  }
}

/// The newest first: the oldest are next in the cluster's queue.
std::vector<std::string> too_many(const Profile& profile, const Supply& supply, std::int64_t waiting) {
  const std::int64_t wanted = rounded_up(waiting, profile.trials_per_worker);
  const auto pending = static_cast<std::int64_t>(supply.pending.size());
  const std::int64_t beyond_wish = pending + supply.starting + supply.in_doubt - wanted;
  const std::int64_t beyond_least = supply.all() - profile.min_workers;
  const std::int64_t count = std::clamp<std::int64_t>(std::min(beyond_wish, beyond_least), 0, pending);
  return {supply.pending.rbegin(), supply.pending.rbegin() + count};
}

std::string of_need(const job::Need& need) {
  return need.benchmark + (need.split == "default" ? "" : " split " + need.split) +
         (need.program.empty() ? "" : " by program " + need.program);
}

}  // namespace

std::string why_not(const Profile& profile, const job::Need& need) {
  std::string device = profile.gpus == 0 ? "cpu" : "cuda";
  for (std::int64_t i = 1; i < profile.gpus; ++i) device += ",cuda";
  const job::Slot slot{.name = "of " + profile.name,
                       .device = device,
                       .threads = profile.cpus == 0 ? kAnyThreads : profile.cpus / profile.slots,
                       .memory_mib = profile.gpu_memory_mib};
  job::WorkerInfo worker{.runs_scripts = profile.scripts, .fetches_scripts = profile.scripts};
  // Which splits and weights the nodes have is not for us to know: their workers announce them.
  if (!need.weights.empty()) worker.weights = {need.weights};
  const std::vector<std::string> wanted = {need.benchmark, need.test_benchmark};
  for (const std::string& name : profile.benchmarks.empty() ? wanted : profile.benchmarks) {
    worker.benchmarks.push_back({.name = name, .split_ids = {need.split}});
  }
  for (const std::string& program : profile.programs) worker.programs.push_back({.name = program});
  return job::why_not(need, worker, slot);
}

Plan make_plan(const std::vector<Profile>& profiles, const std::vector<Supply>& supply, std::vector<Waiting> waiting) {
  Plan plan;
  for (const Waiting& group : waiting) {
    std::string why;
    bool served = group.trials == 0;
    for (const Profile& profile : profiles) {
      const std::string not_here = why_not(profile, group.need);
      served = served || not_here.empty();
      why += (why.empty() ? "" : "; ") + profile.name + ": " + not_here;
    }
    if (!served) plan.unserved.push_back(of_need(group.need) + " (" + why + ")");
  }
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const Profile& profile = profiles[i];
    const Supply& now = supply[i];
    Decision decision{.waiting = servable(profile, waiting)};
    const std::int64_t later = static_cast<std::int64_t>(now.pending.size()) + now.starting + now.in_doubt;
    const std::int64_t covered =
        later * profile.trials_per_worker + now.working * (profile.trials_per_worker - profile.slots);
    const std::int64_t lacking =
        std::max(rounded_up(decision.waiting - covered, profile.trials_per_worker), profile.min_workers - now.all());
    if (now.may_submit)
      decision.submit =
          std::clamp<std::int64_t>(lacking, 0, std::max<std::int64_t>(profile.max_workers - now.all(), 0));
    if (now.may_cancel && decision.submit == 0) decision.cancel = too_many(profile, now, decision.waiting);
    serve(profile, covered + decision.submit * profile.trials_per_worker, waiting);
    plan.profiles.push_back(std::move(decision));
  }
  return plan;
}

}  // namespace oodml::cli::scale
