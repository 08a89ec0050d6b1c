#include <algorithm>

#include "tests/integration/history/check.h"
#include "tests/integration/history/lease_story.h"

namespace oodml::testing::history {
namespace {

void check_trial(const FinalState& end, TrialId id, const FinalTrial& trial, Findings& findings) {
  const std::string name = "trial " + std::to_string(id.value);
  int successes = 0;
  for (AttemptEpoch epoch = 1; epoch <= trial.attempt; ++epoch) {
    const auto attempt = end.attempts.find({id, epoch});
    if (attempt == end.attempts.end()) {
      findings.push_back(name + " has no attempt " + std::to_string(epoch) + " of " + std::to_string(trial.attempt));
      continue;
    }
    if (attempt->second.outcome.empty()) findings.push_back(name_of({id, epoch}) + " has not ended");
    if (attempt->second.outcome != "succeeded") continue;
    ++successes;
    if (epoch != trial.attempt) findings.push_back(name_of({id, epoch}) + " succeeded and was followed by another");
  }
  if (end.attempts.contains({id, trial.attempt + 1}))
    findings.push_back(name + " has more attempts than " + std::to_string(trial.attempt));
  const bool succeeded = trial.state == "succeeded";
  if (successes != (succeeded ? 1 : 0))
    findings.push_back(name + " is " + trial.state + " with " + std::to_string(successes) + " successful attempts");
  if (end.results.contains(id) != succeeded)
    findings.push_back(name + " is " + trial.state + (succeeded ? " without" : " with") + " results");
  if (trial.state == "running") findings.push_back(name + " runs though all workers have left");
}

/// The newest value of each epoch of each series.
std::map<std::pair<std::string, std::int64_t>, double> figures_of(const FinalState& end, TrialId id) {
  std::map<std::pair<std::string, std::int64_t>, double> figures;
  for (auto attempt = end.points.lower_bound({id, 0}); attempt != end.points.end() && attempt->first.first == id;
       ++attempt) {
    for (const auto& [sequence, point] : attempt->second) figures[{point.series, point.epoch}] = point.value;
  }
  return figures;
}

}  // namespace

Findings check_counts(const FinalState& end) {
  Findings findings;
  for (const auto& [id, trial] : end.trials) check_trial(end, id, trial, findings);
  for (const auto& [key, points] : end.points) {
    std::set<std::pair<std::string, std::int64_t>> seen;
    for (const auto& [sequence, point] : points) {
      if (!seen.emplace(point.series, point.epoch).second) {
        findings.push_back(name_of(key) + " has two values of " + point.series + " at epoch " +
                           std::to_string(point.epoch));
      }
    }
  }
  // One question of a slot, one trial: another one only if the answer was lost and the lease ran out unheard.
  std::map<std::pair<std::string, std::string>, std::vector<AttemptKey>> asked;
  for (const auto& [key, attempt] : end.attempts) asked[{attempt.worker, attempt.request_id}].push_back(key);
  for (const auto& [asker, keys] : asked) {
    const auto kept = std::count_if(keys.begin(), keys.end(),
                                    [&](const AttemptKey& key) { return end.attempts.at(key).outcome != "lost"; });
    if (kept > 1)
      findings.push_back("worker " + asker.first + " got " + std::to_string(kept) + " trials for the one question " +
                         asker.second);
  }
  return findings;
}

Findings check_same_figures(const FinalState& end, const FinalState& calm) {
  Findings findings;
  std::map<std::string, TrialId> calm_trials;
  for (const auto& [id, trial] : calm.trials) calm_trials[trial.fingerprint] = id;
  for (const auto& [id, trial] : end.trials) {
    const auto same = calm_trials.find(trial.fingerprint);
    if (same == calm_trials.end()) {
      findings.push_back("trial " + std::to_string(id.value) + " is not in the calm run");
      continue;
    }
    const auto results = [](const FinalState& state, TrialId of) {
      const auto found = state.results.find(of);
      return found == state.results.end() ? std::map<std::string, std::string>() : found->second;
    };
    if (figures_of(end, id) != figures_of(calm, same->second))
      findings.push_back("trial " + std::to_string(id.value) + " has other points than in the calm run");
    if (results(end, id) != results(calm, same->second))
      findings.push_back("trial " + std::to_string(id.value) + " has other results than in the calm run");
  }
  return findings;
}

Findings check_history(const std::vector<Call>& calls, const FinalState& end, std::chrono::milliseconds term) {
  Findings findings = check_leases(calls, term);
  for (const Findings& more : {check_fencing(calls), check_durability(calls, end), check_counts(end)}) {
    findings.insert(findings.end(), more.begin(), more.end());
  }
  return findings;
}

}  // namespace oodml::testing::history
