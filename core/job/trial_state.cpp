#include "core/job/trial_state.h"

#include <array>
#include <utility>

namespace oodml::job {
namespace {

constexpr std::array<std::pair<TrialState, const char*>, 7> kStates = {{
    {TrialState::kQueued, "queued"},
    {TrialState::kRunning, "running"},
    {TrialState::kBackoff, "backoff"},
    {TrialState::kPaused, "paused"},
    {TrialState::kSucceeded, "succeeded"},
    {TrialState::kFailed, "failed"},
    {TrialState::kCancelled, "cancelled"},
}};

constexpr std::array<std::pair<Outcome, const char*>, 10> kOutcomes = {{
    {Outcome::kSucceeded, "succeeded"},
    {Outcome::kOutOfMemory, "out_of_memory"},
    {Outcome::kNumeric, "numeric"},
    {Outcome::kBadConfiguration, "bad_configuration"},
    {Outcome::kMachine, "machine"},
    {Outcome::kInfrastructure, "infrastructure"},
    {Outcome::kCrashed, "crashed"},
    {Outcome::kPreempted, "preempted"},
    {Outcome::kLost, "lost"},
    {Outcome::kCancelled, "cancelled"},
}};

template <typename Table, typename Key>
const char* name_in(const Table& table, Key key) {
  for (const auto& [value, name] : table) {
    if (value == key) return name;
  }
  return "unknown";
}

}  // namespace

const char* to_text(TrialState state) { return name_in(kStates, state); }

std::optional<TrialState> parse_trial_state(std::string_view text) {
  for (const auto& [value, name] : kStates) {
    if (text == name) return value;
  }
  return std::nullopt;
}

const char* to_text(Outcome outcome) { return name_in(kOutcomes, outcome); }

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const auto& [value, name] : kOutcomes) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool is_final(TrialState state) {
  return state == TrialState::kSucceeded || state == TrialState::kFailed || state == TrialState::kCancelled;
}

bool may_change(TrialState from, TrialState to) {
  using enum TrialState;
  switch (from) {
    case kQueued:
      return to == kRunning || to == kPaused || to == kCancelled || to == kSucceeded || to == kFailed;
    case kRunning:
      return to != kRunning;
    case kBackoff:
      return to == kQueued || to == kPaused || to == kCancelled || to == kSucceeded || to == kFailed;
    case kPaused:
      return to == kQueued || to == kCancelled || to == kSucceeded || to == kFailed;
    case kFailed:
    case kCancelled:
      return to == kQueued;
    case kSucceeded:
      return false;
  }
  return false;
}

bool may_begin_afresh(TrialState from) { return from != TrialState::kRunning; }

bool may_retry(Outcome outcome) {
  using enum Outcome;
  return outcome == kMachine || outcome == kInfrastructure || outcome == kCrashed || outcome == kPreempted ||
         outcome == kLost;
}

bool counts_as_try(Outcome outcome) { return may_retry(outcome) && outcome != Outcome::kPreempted; }

}  // namespace oodml::job
