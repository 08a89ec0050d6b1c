#include "coordinator/scheduling/retry_policy.h"

#include <algorithm>

#include "core/base/seeds.h"
#include "core/base/utf8.h"
#include "core/base/words.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr Duration kFirstDelay = std::chrono::seconds(30);
constexpr Duration kLongestDelay = std::chrono::minutes(30);
constexpr std::size_t kReasonBytes = 300;  // of one worker, in a list of them

/// "gpu-1 (no such folder ...), gpu-2 (...)".
std::string listed(const std::map<std::string, std::string>& reason_by_worker) {
  std::vector<std::string> words;
  for (const auto& [worker, reason] : reason_by_worker) {
    words.push_back(worker + " (" + to_valid_utf8(std::string_view(reason).substr(0, kReasonBytes)) + ")");
  }
  return joined(words);
}

NextStep failed_on_machines(const store::TryHistory& history, const std::string& how) {
  return {.state = job::TrialState::kFailed, .reason = how + ": " + listed(history.failed_on), .tells_all = true};
}

}  // namespace

NextStep next_step(job::Outcome outcome, store::Wish wish, const store::TryHistory& history, int machine_retries) {
  using enum job::TrialState;
  if (outcome == job::Outcome::kSucceeded) return {.state = kSucceeded};
  const bool stopped = outcome == job::Outcome::kPreempted || outcome == job::Outcome::kCancelled;
  if (!stopped && !job::may_retry(outcome)) return {.state = kFailed};
  if (wish == store::Wish::kCancel) return {.state = kCancelled};
  if (!stopped && history.crashed_on.size() >= job::kPoisonWorkers) {
    return {.state = kFailed,
            .reason = "set aside: its process crashed on " + std::to_string(history.crashed_on.size()) +
                      " different workers (" + joined(history.crashed_on) + ")"};
  }
  if (outcome == job::Outcome::kMachine) {
    const std::size_t machines = history.failed_on.size();
    if (machines >= job::kPoisonWorkers) {
      return failed_on_machines(history, "set aside: it failed on " + std::to_string(machines) + " different machines");
    }
    if (history.machine_tries > machine_retries) {
      if (machine_retries == 0) return {.state = kFailed};
      return failed_on_machines(history, "given up after " + std::to_string(history.machine_tries) + " tries");
    }
  }
  if (!stopped && history.tries > job::kMaxRetries) {
    return {.state = kFailed, .reason = "given up after " + std::to_string(history.tries) + " tries"};
  }
  if (wish == store::Wish::kPause) return {.state = kPaused};
  return {.state = stopped ? kQueued : kBackoff};
}

Duration backoff_delay(TrialId trial, AttemptEpoch attempt, int tries) {
  const int doublings = std::clamp(tries - 1, 0, 16);
  const Duration delay = std::min(kFirstDelay * (1 << doublings), kLongestDelay);
  const Seeds seeds(static_cast<std::uint64_t>(trial.value));
  const double jitter = seeds.stream("backoff", {static_cast<std::uint64_t>(attempt)}).uniform() / 4;
  return std::min(delay + Duration(static_cast<std::int64_t>(jitter * static_cast<double>(delay.count()))),
                  kLongestDelay);
}

}  // namespace oodml::coordinator::scheduling
