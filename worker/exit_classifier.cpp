#include "worker/exit_classifier.h"

#include <csignal>
#include <cstring>

namespace oodml::worker {
namespace {

using job::Outcome;

std::string seconds_text(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

bool asked_to_stop(StopReason reason) {
  return reason == StopReason::kDirective || reason == StopReason::kDrain || reason == StopReason::kTimeLimit ||
         reason == StopReason::kOutage;
}

const char* why_stopped(StopReason reason) {
  switch (reason) {
    case StopReason::kDirective:
      return "the coordinator asked for it";
    case StopReason::kDrain:
      return "the worker is draining";
    case StopReason::kTimeLimit:
      return "the worker's time limit is near";
    case StopReason::kOutage:
      return "the worker was cut off from the coordinator for too long";
    default:
      return "its worker was ended";
  }
}

std::string with_log(std::string message, const std::string& log_tail) {
  return log_tail.empty() ? message : message + "; its output ends: " + log_tail;
}

/// A failure that the trial named itself. Only kinds that a trial may claim count as such.
Verdict named_failure(const job::Failed& failed) {
  const auto kind = job::parse_outcome(failed.kind);
  const bool known =
      kind && (*kind == Outcome::kOutOfMemory || *kind == Outcome::kNumeric || *kind == Outcome::kBadConfiguration ||
               *kind == Outcome::kMachine || *kind == Outcome::kInfrastructure);
  if (known) return {*kind, failed.message};
  return {Outcome::kInfrastructure, "failed with the unknown kind '" + failed.kind + "': " + failed.message};
}

Verdict after_stop(const Ending& ending, bool said_stopped) {
  const std::string why = std::string(": ") + why_stopped(ending.stop);
  if (said_stopped || ending.status.code == kExitStopped)
    return {Outcome::kPreempted, "stopped with a checkpoint" + why};
  if (ending.killed_by_us) {
    return {Outcome::kPreempted, "killed, no stop within the grace of " + seconds_text(ending.grace) + why};
  }
  if (ending.status.signal == SIGTERM) return {Outcome::kPreempted, "stopped before it could write a checkpoint" + why};
  const std::string end = "ended with " + to_text(ending.status) + " when told to stop";
  if (ending.status.signal != 0) return {Outcome::kCrashed, with_log(end, ending.log_tail)};
  return {Outcome::kInfrastructure, with_log(end, ending.log_tail)};
}

/// Nobody here ended it and it gave no reason.
Verdict unexplained(const Ending& ending, bool said_stopped) {
  if (said_stopped) return {Outcome::kPreempted, "stopped with a checkpoint by a signal from outside the worker"};
  switch (ending.status.signal) {
    case 0:
      break;
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
      return {Outcome::kInfrastructure, "ended by " + to_text(ending.status) + ", sent from outside the worker"};
    case SIGKILL:
      return {Outcome::kCrashed, with_log("killed by " + to_text(ending.status) +
                                              ", not by the worker: perhaps the kernel was out of memory (see dmesg)",
                                          ending.log_tail)};
    default:
      return {Outcome::kCrashed, with_log("crashed with " + to_text(ending.status), ending.log_tail)};
  }
  if (!ending.said_hello) {
    return {Outcome::kMachine, with_log("ended with " + to_text(ending.status) + " before it began", ending.log_tail)};
  }
  if (ending.status.code == 0) {
    return {Outcome::kInfrastructure, with_log("ended with exit code 0 without saying done", ending.log_tail)};
  }
  return {Outcome::kInfrastructure,
          with_log("ended with " + to_text(ending.status) + " without a reason", ending.log_tail)};
}

}  // namespace

std::string to_text(const ExitStatus& status) {
  if (status.signal == 0) return "exit code " + std::to_string(status.code);
  const char* name = ::sigabbrev_np(status.signal);
  return "signal " + std::to_string(status.signal) + (name == nullptr ? "" : " (SIG" + std::string(name) + ")");
}

Verdict classify_exit(const Ending& ending) {
  const job::EventBody* word = ending.last_word ? &*ending.last_word : nullptr;
  const bool said_stopped = word != nullptr && std::holds_alternative<job::Stopped>(*word);
  if (word != nullptr && std::holds_alternative<job::Done>(*word)) {
    if (ending.status == ExitStatus{}) return {Outcome::kSucceeded, ""};
    return {Outcome::kSucceeded, "complete, but ended with " + to_text(ending.status) + " afterwards"};
  }
  if (ending.stop == StopReason::kCancel) return {Outcome::kCancelled, "cancelled"};
  if (word != nullptr && std::holds_alternative<job::Failed>(*word)) return named_failure(std::get<job::Failed>(*word));
  switch (ending.stop) {
    case StopReason::kHung:
      return {Outcome::kInfrastructure,
              with_log("no sign of life for " + seconds_text(ending.stall_limit) + ", killed", ending.log_tail)};
    case StopReason::kSpoolStuck:
      return {Outcome::kMachine, "its events could not be written to the worker's disk for " +
                                     seconds_text(ending.stall_limit) + ", killed"};
    case StopReason::kKill:
    case StopReason::kFenced:
      return {Outcome::kPreempted, "killed: its worker was ended at once"};
    default:
      break;
  }
  return asked_to_stop(ending.stop) ? after_stop(ending, said_stopped) : unexplained(ending, said_stopped);
}

}  // namespace oodml::worker
