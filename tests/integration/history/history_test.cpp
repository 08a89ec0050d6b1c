// A history that is right has no findings, and each thing that can go wrong has one.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/integration/history/check.h"

namespace oodml::testing::history {
namespace {

using namespace std::chrono_literals;

constexpr auto kTerm = 3000ms;
const job::Lease kFirst{{1}, 1, {"aa"}}, kSecond{{1}, 2, {"bb"}};

Instant at(std::chrono::milliseconds time) { return Instant(1h) + time; }

Call call(std::chrono::milliseconds sent, decltype(Call::what) what, Answer answer = Answer::kDone) {
  return {.asked = at(sent), .sent = at(sent), .answered = at(sent + 10ms), .answer = answer, .what = std::move(what)};
}

Call acquire(std::chrono::milliseconds sent, const std::string& worker, const job::Lease& lease) {
  return call(sent, Acquired{{worker}, "ask-" + worker, lease});
}

Call beat(std::chrono::milliseconds sent, const job::Lease& lease, job::Directive directive) {
  return call(sent, Heartbeat{{"any"}, {lease}, {directive}});
}

job::Event metric(const job::Lease& lease, std::int64_t sequence, std::int64_t epoch, double value) {
  return {lease.trial, lease.attempt, sequence, {}, job::Metric{epoch, "test", "embeds", "nmi", value}};
}

Call push(std::chrono::milliseconds sent, const job::Lease& lease, std::vector<job::Event> events) {
  const std::int64_t last = events.back().sequence;
  return call(sent, Pushed{lease.id, std::move(events), last});
}

Call finish(std::chrono::milliseconds sent, const job::Lease& lease, job::Outcome outcome,
            Answer answer = Answer::kDone) {
  return call(sent, Finished{lease, "end-" + lease.id.value, outcome}, answer);
}

/// Worker a takes trial 1, says epoch 1 and is not heard of again; b takes it over and ends it.
class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() {
    calls = {call(0ms, Submitted{"s", {1}, 1}),
             acquire(100ms, "a", kFirst),
             push(500ms, kFirst, {metric(kFirst, 1, 1, 0.25)}),
             call(600ms, CheckpointCommitted{kFirst, 1}),
             beat(1000ms, kFirst, job::Directive::kContinue),
             acquire(4500ms, "b", kSecond),
             beat(5000ms, kFirst, job::Directive::kFenced),
             push(5500ms, kSecond, {metric(kSecond, 1, 1, 0.25), metric(kSecond, 2, 2, 0.5)}),
             finish(6000ms, kSecond, job::Outcome::kSucceeded)};
    end.trials[{1}] = {"f1", "succeeded", 2};
    end.attempts[{{1}, 1}] = {{"aa"}, "a", "ask-a", "lost", 1, 1};
    end.attempts[{{1}, 2}] = {{"bb"}, "b", "ask-b", "succeeded", 2, -1};
    end.points[{{1}, 1}][1] = {"test/embeds/nmi", 1, 0.25};
    end.points[{{1}, 2}] = {{1, {"test/embeds/nmi", 1, 0.25}}, {2, {"test/embeds/nmi", 2, 0.5}}};
    end.results[{1}]["test/embeds/nmi"] = "0.5 at 2";
    end.sweeps[{1}] = {{1}};
    end.requests = {{"submit", "s"}};
  }

  /// All findings, joined.
  std::string findings() const {
    std::string text;
    for (const std::string& finding : check_history(calls, end, kTerm)) text += finding + "\n";
    return text;
  }

  void expect_finding(const std::string& part) const {
    EXPECT_NE(findings().find(part), std::string::npos) << "findings: " << findings();
  }

  std::vector<Call> calls;
  FinalState end;
};

TEST_F(HistoryTest, ARightHistoryHasNoFindings) { EXPECT_EQ(findings(), ""); }

TEST_F(HistoryTest, ATrialGivenAwayWhileItsWorkerWasHeardOf) {
  calls.push_back(beat(2500ms, kFirst, job::Directive::kContinue));
  expect_finding("trial 1 attempt 1 was still held by a under ask-a when attempt 2 was given to b under ask-b");
}

TEST_F(HistoryTest, AHeartbeatThatCameTooLateDoesNotHoldALease) {
  calls.push_back(beat(4300ms, kFirst, job::Directive::kContinue));  // while the next lease was on its way
  calls[5].answered = at(4900ms);
  EXPECT_EQ(findings(), "");
}

TEST_F(HistoryTest, AnEndFreesTheTrialAtOnceAlsoWhenItsReplyWasLost) {
  calls.push_back(beat(2500ms, kFirst, job::Directive::kContinue));
  calls.push_back(finish(2600ms, kFirst, job::Outcome::kCrashed, Answer::kUnknown));
  EXPECT_EQ(findings(), "");
  calls.back().answer = Answer::kRefused;
  expect_finding("was still held");
}

TEST_F(HistoryTest, TwoHoldersOfOneEpoch) {
  calls.push_back(acquire(4600ms, "c", kSecond));
  expect_finding("trial 1 attempt 2 was given to b under ask-b and to c under ask-c");
  calls.back() = acquire(4600ms, "b", {{1}, 2, {"cc"}});
  expect_finding("trial 1 attempt 2 is two leases");
}

TEST_F(HistoryTest, AShrinkingEpoch) {
  calls.push_back(acquire(7000ms, "a", kFirst));
  expect_finding("trial 1 attempt 1 was given after attempt 2");
}

TEST_F(HistoryTest, WritesOfAnOvertakenLease) {
  calls.push_back(push(5200ms, kFirst, {metric(kFirst, 1, 1, 0.25)}));
  expect_finding("trial 1 attempt 1: events up to 1 were taken though attempt 2 had begun");
  calls.back() = call(5200ms, CheckpointCommitted{kFirst, 1});
  expect_finding("the checkpoint of epoch 1 were taken though attempt 2 had begun");
}

TEST_F(HistoryTest, TwoResultsOfATrial) {
  calls.push_back(finish(6100ms, kFirst, job::Outcome::kSucceeded));
  end.attempts[{{1}, 1}].outcome = "succeeded";
  expect_finding("trial 1 attempt 1 ended as succeeded though attempt 2 had begun");
  expect_finding("trial 1 is succeeded with 2 successful attempts");
  expect_finding("trial 1 attempt 1 succeeded and was followed by another");
}

TEST_F(HistoryTest, AnEndThatIsAskedForAgainIsNoSecondOne) {
  calls.push_back(finish(1100ms, kFirst, job::Outcome::kInfrastructure, Answer::kUnknown));
  calls.push_back(finish(5100ms, kFirst, job::Outcome::kInfrastructure));
  end.attempts[{{1}, 1}].outcome = "infrastructure";
  EXPECT_EQ(findings(), "");
}

TEST_F(HistoryTest, AnOvertakenWorkerThatIsToldToGoOn) {
  calls.push_back(beat(5300ms, kFirst, job::Directive::kContinue));
  expect_finding("its worker was told to go on though attempt 2 had begun");
}

TEST_F(HistoryTest, AWorkerThatDoesNotObey) {
  for (int i = 0; i < 20; ++i) {
    calls.push_back(push(5600ms + i * 100ms, kFirst, {metric(kFirst, 1, 1, 0.25)}));
    calls.back().answer = Answer::kRefused;
  }
  expect_finding("its worker went on to write 20 times after it was told that the lease is gone");
  calls[6].delivered = false;  // The word never reached it.
  EXPECT_EQ(findings(), "");
}

TEST_F(HistoryTest, AnAcknowledgedEventThatIsMissing) {
  end.points[{{1}, 2}].erase(2);
  expect_finding("trial 1 attempt 2: event 2 was called durable and is missing");
}

TEST_F(HistoryTest, AnAcknowledgedEventWithAnotherValue) {
  end.points[{{1}, 2}][2].value = std::nextafter(0.5, 1.0);
  expect_finding("trial 1 attempt 2: event 2 was called durable and is missing or another");
}

TEST_F(HistoryTest, AnAcknowledgedSequenceThatIsMissing) {
  end.attempts[{{1}, 2}].last_sequence = 1;
  expect_finding("events up to 2 were called durable, 1 are there");
}

TEST_F(HistoryTest, ALeaseACheckpointAnEndASubmissionOrAChangeThatIsMissing) {
  end.attempts[{{1}, 1}].checkpoint_epoch = -1;
  expect_finding("the checkpoint of epoch 1 was taken and is missing");
  end.attempts[{{1}, 2}].outcome = "lost";
  expect_finding("its end as succeeded was taken, it is 'lost'");
  end.attempts[{{1}, 2}].worker = "c";
  expect_finding("trial 1 attempt 2, given to b under ask-b, is missing");
  end.sweeps.clear();
  expect_finding("sweep 1 was taken with 1 trials, 0 are there");
  calls.push_back(call(7000ms, Changed{"pause", "p"}));
  expect_finding("pause p was taken and is missing");
}

TEST_F(HistoryTest, ASubmissionTakenTwice) {
  end.sweeps[{2}] = {{1}};
  calls.push_back(call(50ms, Submitted{"s", {2}, 1}));
  expect_finding("the submission s was taken twice");
}

TEST_F(HistoryTest, WhatNobodyAcknowledgedMayBeMissing) {
  calls.push_back(call(7000ms, Submitted{"t", {2}, 5}, Answer::kUnknown));
  calls.push_back(call(7000ms, Changed{"cancel", "c"}, Answer::kRefused));
  EXPECT_EQ(findings(), "");
}

TEST_F(HistoryTest, CountsThatDoNotAddUp) {
  end.results.clear();
  expect_finding("trial 1 is succeeded without results");
  end.trials[{1}].state = "queued";
  expect_finding("trial 1 is queued with 1 successful attempts");
  end.trials[{1}] = {"f1", "running", 3};
  expect_finding("trial 1 has no attempt 3 of 3");
  expect_finding("trial 1 runs though all workers have left");
  end.attempts[{{1}, 1}].outcome = "";
  expect_finding("trial 1 attempt 1 has not ended");
}

TEST_F(HistoryTest, APointThatIsThereTwice) {
  end.points[{{1}, 2}][3] = {"test/embeds/nmi", 2, 0.5};
  expect_finding("trial 1 attempt 2 has two values of test/embeds/nmi at epoch 2");
}

TEST_F(HistoryTest, OneQuestionTwoTrials) {
  end.trials[{2}] = {"f2", "failed", 1};
  end.attempts[{{2}, 1}] = {{"dd"}, "b", "ask-b", "numeric", 0, -1};
  expect_finding("worker b got 2 trials for the one question ask-b");
  end.attempts[{{2}, 1}].outcome = "lost";
  EXPECT_EQ(findings(), "");
}

TEST_F(HistoryTest, FiguresAreComparedByTrialNotByAttempt) {
  FinalState calm;
  calm.trials[{7}] = {"f1", "succeeded", 1};
  calm.points[{{7}, 1}] = {{1, {"test/embeds/nmi", 1, 0.25}}, {2, {"test/embeds/nmi", 2, 0.5}}};
  calm.results[{7}]["test/embeds/nmi"] = "0.5 at 2";
  EXPECT_TRUE(check_same_figures(end, calm).empty());
  calm.points[{{7}, 1}][2].value = std::nextafter(0.5, 0.0);
  EXPECT_EQ(check_same_figures(end, calm), Findings{"trial 1 has other points than in the calm run"});
  calm.points.clear();
  calm.results[{7}]["test/embeds/nmi"] = "0.5 at 1";
  EXPECT_EQ(check_same_figures(end, calm).size(), 2u);
}

}  // namespace
}  // namespace oodml::testing::history
