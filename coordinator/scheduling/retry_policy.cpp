#include "coordinator/scheduling/retry_policy.h"

#include <algorithm>

#include "core/base/seeds.h"
#include "core/base/words.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr Duration kFirstDelay = std::chrono::seconds(30);
constexpr Duration kLongestDelay = std::chrono::minutes(30);

}  // namespace

NextStep next_step(job::Outcome outcome, store::Wish wish, const store::TryHistory& history) {
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
  return std::min(delay + Duration(static_cast<std::int64_t>(jitter * static_cast<double>(delay.count()))), kLongestDelay);
}

}  // namespace oodml::coordinator::scheduling
