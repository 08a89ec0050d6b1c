#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/exit_code.h"
#include "core/job/event.h"
#include "core/job/trial_state.h"

namespace oodml::worker {

/// Why the worker ended a child; a later value overrules an earlier one.
enum class StopReason {
  kNone,
  kDirective,   ///< The coordinator asked for the slot: checkpoint and return.
  kDrain,       ///< The worker is leaving.
  kTimeLimit,   ///< The worker is leaving, as its own time is over soon.
  kOutage,      ///< Cut off from the coordinator for too long.
  kCancel,      ///< A person cancelled the trial.
  kHung,        ///< No sign of life within the stall limit; killed.
  kSpoolStuck,  ///< The disk under the spool stayed full; killed.
  kKill,        ///< The worker is leaving at once; killed.
  kFenced,      ///< Somebody else holds the trial; killed, and nothing is reported.
};

/// How a process ended, as waitpid tells it.
struct ExitStatus {
  int code = 0;    ///< Of exit(); meaningful when signal is 0.
  int signal = 0;  ///< That killed it, or 0.
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// What is known of a child that has ended.
struct Ending {
  ExitStatus status;
  std::optional<job::EventBody> last_word;  ///< Its Done, Stopped or Failed, when it said one.
  bool said_hello = false;                  ///< It began; before that nothing of the trial itself can have failed.
  StopReason stop = StopReason::kNone;
  bool killed_by_us = false;  ///< The group got SIGKILL while the child lived.
  Duration grace{};           ///< For messages: how long it had after SIGTERM.
  Duration stall_limit{};     ///< For messages.
  std::string log_tail;       ///< The end of its output, for exits without a reason.
  std::string last_line;      ///< More of it, of a program of people's own; not for messages.
};

struct Verdict {
  job::Outcome outcome = job::Outcome::kInfrastructure;
  std::string message;
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// The outcome to report, with the reason for people. A result that is complete stays one whatever came after it.
Verdict classify_exit(const Ending& ending);

/// "exit code 3", "signal 11 (SIGSEGV)".
std::string to_text(const ExitStatus& status);

}  // namespace oodml::worker
