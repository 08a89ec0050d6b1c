#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oodml::job {

/// queued -> running -> succeeded | failed | cancelled, with backoff (waits for a time, then queued)
/// and paused (taken out of the queue by a person) on the way.
enum class TrialState { kQueued, kRunning, kBackoff, kPaused, kSucceeded, kFailed, kCancelled };

const char* to_text(TrialState state);
std::optional<TrialState> parse_trial_state(std::string_view text);
/// succeeded, failed or cancelled.
bool is_final(TrialState state);
/// Whether the state machine allows the change; a retry by hand may requeue failed and cancelled.
bool may_change(TrialState from, TrialState to);
/// Whether a person may have the trial run again from its beginning, as new attempts; the one way on from a success.
bool may_begin_afresh(TrialState from);

/// How an attempt ended; decides what happens next.
enum class Outcome {
  kSucceeded,
  kOutOfMemory,       ///< Never retried.
  kNumeric,           ///< NaN or infinite loss; never retried.
  kBadConfiguration,  ///< The specification cannot run anywhere (a batch larger than its training set); never retried.
  kMachine,         ///< This machine cannot run it (files missing or damaged, disk full, device gone); tried elsewhere.
  kInfrastructure,  ///< Disk, driver, signal, hung; retried five times with backoff.
  kCrashed,         ///< The child died of a signal of its own making; infrastructure, and counts towards poison.
  kPreempted,       ///< The worker drained or was told to stop; requeued, does not count.
  kLost,            ///< The lease expired; infrastructure.
  kCancelled,
};

const char* to_text(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);

/// Whether an attempt that ended so may be followed by another one by itself.
bool may_retry(Outcome outcome);
/// Whether it uses up one of the automatic retries.
bool counts_as_try(Outcome outcome);

inline constexpr int kMaxRetries = 5;
/// A trial that crashed, or met a fault of the machine, on this many different workers is set aside as failed.
inline constexpr int kPoisonWorkers = 3;

}  // namespace oodml::job
