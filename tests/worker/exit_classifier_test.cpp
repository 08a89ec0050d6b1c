#include "worker/exit_classifier.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace oodml::worker {
namespace {

using job::Outcome;

struct Case {
  const char* name;
  Ending ending;
  Outcome outcome;
  const char* message_part;
};

Ending ending(ExitStatus status, std::optional<job::EventBody> word = std::nullopt, StopReason stop = StopReason::kNone,
              bool killed = false) {
  return {.status = status,
          .last_word = std::move(word),
          .said_hello = true,
          .stop = stop,
          .killed_by_us = killed,
          .grace = std::chrono::seconds(60),
          .stall_limit = std::chrono::seconds(1800),
          .log_tail = "last line"};
}

Ending before_hello(ExitStatus status) {
  Ending mute = ending(status);
  mute.said_hello = false;
  return mute;
}

job::EventBody failed(const char* kind) { return job::Failed{kind, "why"}; }

const job::EventBody kDone = job::Done{3};
const job::EventBody kStopped = job::Stopped{1, 10};
constexpr ExitStatus kZero{0, 0};
constexpr ExitStatus kOne{1, 0};
constexpr ExitStatus k75{75, 0};
constexpr ExitStatus by(int signal) { return {0, signal}; }

const std::vector<Case> kCases = {
    {"done", ending(kZero, kDone), Outcome::kSucceeded, ""},
    {"done_then_crash_in_teardown", ending(by(SIGSEGV), kDone), Outcome::kSucceeded, "signal 11"},
    {"done_before_a_drain_took_effect", ending(kZero, kDone, StopReason::kDrain), Outcome::kSucceeded, ""},
    {"done_before_a_cancel_took_effect", ending(kZero, kDone, StopReason::kCancel), Outcome::kSucceeded, ""},
    {"done_but_hung_in_teardown", ending(by(SIGKILL), kDone, StopReason::kHung, true), Outcome::kSucceeded,
     "afterwards"},
    {"exit_0_without_done", ending(kZero), Outcome::kInfrastructure, "without saying done; its output ends: last line"},
    {"exit_1_without_a_word", ending(kOne), Outcome::kInfrastructure, "exit code 1"},
    {"a_program_that_does_not_start", before_hello({127, 0}), Outcome::kMachine,
     "exit code 127 before it began; its output ends: last"},
    {"exit_0_before_it_began", before_hello(kZero), Outcome::kMachine, "before it began"},
    {"a_crash_before_it_began", before_hello(by(SIGSEGV)), Outcome::kCrashed, "SIGSEGV"},
    {"a_drain_before_it_began",
     [] {
       Ending e = before_hello(by(SIGTERM));
       e.stop = StopReason::kDrain;
       return e;
     }(),
     Outcome::kPreempted, "before"},
    {"out_of_memory", ending(kOne, failed("out_of_memory")), Outcome::kOutOfMemory, "why"},
    {"numeric", ending(kOne, failed("numeric")), Outcome::kNumeric, "why"},
    {"bad_configuration", ending(kOne, failed("bad_configuration")), Outcome::kBadConfiguration, "why"},
    {"machine", ending(kOne, failed("machine")), Outcome::kMachine, "why"},
    {"infrastructure", ending(kOne, failed("infrastructure")), Outcome::kInfrastructure, "why"},
    {"a_kind_nobody_knows", ending(kOne, failed("moon")), Outcome::kInfrastructure, "unknown kind 'moon'"},
    {"a_kind_it_may_not_claim", ending(kOne, failed("succeeded")), Outcome::kInfrastructure,
     "unknown kind 'succeeded'"},
    {"failed_wins_over_a_drain", ending(kOne, failed("out_of_memory"), StopReason::kDrain), Outcome::kOutOfMemory,
     "why"},
    {"segmentation_fault", ending(by(SIGSEGV)), Outcome::kCrashed, "signal 11 (SIGSEGV)"},
    {"abort", ending(by(SIGABRT)), Outcome::kCrashed, "SIGABRT"},
    {"killed_from_outside", ending(by(SIGKILL)), Outcome::kCrashed, "out of memory"},
    {"terminated_from_outside", ending(by(SIGTERM)), Outcome::kInfrastructure, "outside"},
    {"stopped_from_outside", ending(k75, kStopped), Outcome::kPreempted, "outside"},
    {"exit_75_that_nobody_asked_for", ending(k75), Outcome::kInfrastructure, "exit code 75"},
    {"drained", ending(k75, kStopped, StopReason::kDrain), Outcome::kPreempted, "draining"},
    {"out_of_time", ending(k75, kStopped, StopReason::kTimeLimit), Outcome::kPreempted, "time limit"},
    {"told_to_stop", ending(k75, kStopped, StopReason::kDirective), Outcome::kPreempted, "asked for it"},
    {"cut_off", ending(k75, kStopped, StopReason::kOutage), Outcome::kPreempted, "cut off"},
    {"exit_75_after_a_stop", ending(k75, std::nullopt, StopReason::kDrain), Outcome::kPreempted, "checkpoint"},
    {"killed_after_the_grace", ending(by(SIGKILL), std::nullopt, StopReason::kDrain, true), Outcome::kPreempted,
     "60 s"},
    {"terminated_before_its_handler", ending(by(SIGTERM), std::nullopt, StopReason::kDrain), Outcome::kPreempted,
     "before"},
    {"crash_while_stopping", ending(by(SIGSEGV), std::nullopt, StopReason::kDrain), Outcome::kCrashed, "told to stop"},
    {"error_while_stopping", ending(kOne, std::nullopt, StopReason::kDrain), Outcome::kInfrastructure, "told to stop"},
    {"cancelled", ending(k75, kStopped, StopReason::kCancel), Outcome::kCancelled, "cancelled"},
    {"cancelled_by_force", ending(by(SIGKILL), std::nullopt, StopReason::kCancel, true), Outcome::kCancelled, ""},
    {"cancelled_while_failing", ending(kOne, failed("numeric"), StopReason::kCancel), Outcome::kCancelled, ""},
    {"hung", ending(by(SIGKILL), std::nullopt, StopReason::kHung, true), Outcome::kInfrastructure,
     "no sign of life for 1800 s"},
    {"spool_stuck", ending(by(SIGKILL), std::nullopt, StopReason::kSpoolStuck, true), Outcome::kMachine, "disk"},
    {"worker_ended_at_once", ending(by(SIGKILL), std::nullopt, StopReason::kKill, true), Outcome::kPreempted,
     "at once"},
};

class ExitClassifierTest : public ::testing::TestWithParam<Case> {};

TEST_P(ExitClassifierTest, GivesTheOutcomeAndTheReason) {
  const Verdict verdict = classify_exit(GetParam().ending);
  EXPECT_STREQ(job::to_text(verdict.outcome), job::to_text(GetParam().outcome)) << verdict.message;
  EXPECT_NE(verdict.message.find(GetParam().message_part), std::string::npos) << verdict.message;
}

INSTANTIATE_TEST_SUITE_P(Table, ExitClassifierTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(ExitStatusTest, NamesSignalsForPeople) {
  EXPECT_EQ(to_text(ExitStatus{3, 0}), "exit code 3");
  EXPECT_EQ(to_text(ExitStatus{0, 9}), "signal 9 (SIGKILL)");
}

}  // namespace
}  // namespace oodml::worker
