#include "worker/programs/program_ending.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace oodml::worker {
namespace {

using job::Outcome;

constexpr int kNotExecutable = 126;  // of shells, as 127: kExitNotStarted

bool asked_to_stop(StopReason reason) {
  return reason == StopReason::kDirective || reason == StopReason::kDrain || reason == StopReason::kTimeLimit ||
         reason == StopReason::kOutage;
}

bool has_one_of(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return text.find(phrase) != text.npos; });
}

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
  return text;
}

Verdict with_log(Outcome outcome, std::string message, const Ending& ending) {
  if (!ending.log_tail.empty()) message += "; its output ends: " + ending.log_tail;
  return {outcome, std::move(message)};
}

/// Of a program that ended with an exit code and without a word on why.
Verdict told_by_output(const Ending& ending) {
  const std::string line = in_lower_case(ending.last_line);
  const std::string end = "ended with " + to_text(ending.status);
  if (has_one_of(line,
                 {"out of memory", "outofmemory", "memoryerror", "can't allocate memory", "cannot allocate memory"}))
    return with_log(Outcome::kOutOfMemory, end, ending);
  if (has_one_of(line, {"floatingpointerror", "loss is nan", "nan loss", "loss: nan", "loss=nan", "non-finite loss"}))
    return with_log(Outcome::kNumeric, end, ending);
  if (ending.status.code == kExitUsage) return with_log(Outcome::kBadConfiguration, end, ending);
  if (ending.status.code == kNotExecutable || ending.status.code == kExitNotStarted)
    return with_log(Outcome::kMachine, end + ", as shells do of a command that is not there", ending);
  return with_log(Outcome::kInfrastructure, end + " without a reason", ending);
}

}  // namespace

Verdict classify_program_exit(const Ending& ending) {
  const bool said_why = ending.last_word.has_value();
  if (said_why || ending.status.signal != 0) return classify_exit(ending);
  if (asked_to_stop(ending.stop) && ending.status.code == kExitDone && !ending.killed_by_us) {
    Ending stopped = ending;
    stopped.status.code = kExitStopped;
    return classify_exit(stopped);
  }
  if (ending.stop != StopReason::kNone) return classify_exit(ending);
  if (ending.status.code == kExitDone) return {Outcome::kSucceeded, ""};
  return told_by_output(ending);
}

}  // namespace oodml::worker
