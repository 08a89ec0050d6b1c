#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/trial_state.h"

/// What workers and people asked of a coordinator in a run, and what they were answered, for check.h.
namespace oodml::testing::history {

using Instant = std::chrono::steady_clock::time_point;

enum class Answer {
  kDone,     ///< The coordinator said that it did it, whether or not its caller heard that.
  kRefused,  ///< It said that it did not.
  kUnknown,  ///< Nobody knows whether it acted.
};

struct Acquired {
  WorkerId worker;
  std::string request_id;
  std::optional<job::Lease> lease;  ///< absent: nothing to do
};
struct Heartbeat {
  WorkerId worker;
  std::vector<job::Lease> leases;
  std::vector<job::Directive> directives;  ///< One each when done.
};
struct Pushed {
  LeaseId lease;
  std::vector<job::Event> events;
  std::int64_t durable = 0;
};
struct CheckpointCommitted {
  job::Lease lease;
  std::int64_t epoch = 0;
};
struct Finished {
  job::Lease lease;
  std::string request_id;
  job::Outcome outcome = job::Outcome::kSucceeded;
};
struct Submitted {
  std::string request_id;
  SweepId sweep;
  std::int64_t trials = 0;
};
struct Changed {
  std::string kind;  ///< cancel, pause, resume, retry
  std::string request_id;
};

struct Call {
  Instant asked;     ///< Its caller asked,
  Instant sent;      ///< it went on to the coordinator,
  Instant answered;  ///< and its end was known.
  Answer answer = Answer::kDone;
  bool delivered = true;  ///< Its caller heard the answer.
  std::variant<Acquired, Heartbeat, Pushed, CheckpointCommitted, Finished, Submitted, Changed> what;
};

}  // namespace oodml::testing::history
