#include <gtest/gtest.h>

#include "coordinator/cli/watch/screen.h"
#include "coordinator/cli/watch/watch_frame.h"
#include "coordinator/cli/watch/watch_log.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {
namespace {

v1::WatchEventsReply message(const v1::SweepSummary& sweep) {
  v1::WatchEventsReply reply;
  *reply.mutable_sweep() = sweep;
  return reply;
}

v1::WatchEventsReply message(const v1::TrialSummary& trial) {
  v1::WatchEventsReply reply;
  *reply.mutable_trial() = trial;
  return reply;
}

v1::WatchEventsReply progress_event(std::int64_t trial, std::int64_t attempt, std::int64_t step) {
  v1::WatchEventsReply reply;
  reply.mutable_event()->set_trial_id(trial);
  reply.mutable_event()->set_attempt(attempt);
  set_progress(*reply.mutable_event()->mutable_progress(), 3, step, 0.4123);
  return reply;
}

v1::WatchEventsReply recall_event(std::int64_t trial, double value) {
  v1::WatchEventsReply reply;
  reply.mutable_event()->set_trial_id(trial);
  reply.mutable_event()->set_attempt(1);
  auto* metric = reply.mutable_event()->mutable_metric();
  metric->set_set("test");
  metric->set_name("e_recall@1");
  metric->set_value(value);
  return reply;
}

WatchModel sample_model() {
  WatchModel model;
  model.apply(message(sample_sweep("running", 1, 1, 1, 1)));
  model.apply(message(sample_trial(11, "succeeded", {{"criterion", "margin"}, {"seed", "0"}})));
  auto failed = sample_trial(12, "failed", {{"criterion", "triplet"}, {"seed", "0"}});
  failed.set_outcome("out_of_memory");
  model.apply(message(failed));
  model.apply(message(sample_trial(13, "running", {{"criterion", "margin"}, {"seed", "1"}})));
  auto queued = sample_trial(14, "queued", {{"criterion", "triplet"}, {"seed", "1"}});
  queued.set_waiting_for("no free slot");
  model.apply(message(queued));
  model.apply(progress_event(13, 1, 200));
  model.apply(recall_event(13, 0.612));
  return model;
}

TEST(WatchModelTest, EventsOfAnOlderAttemptAreIgnored) {
  WatchModel model;
  auto trial = sample_trial(13, "running", {});
  trial.set_attempt(2);
  model.apply(message(trial));
  model.apply(progress_event(13, 1, 200));
  EXPECT_FALSE(model.trial(13)->has_progress());
  model.apply(progress_event(13, 2, 40));
  EXPECT_EQ(model.trial(13)->progress().step(), 40);
}

TEST(WatchModelTest, TheStateAfterALostConnectionReplacesTheOldOneButKeepsWhatEventsTold) {
  WatchModel model = sample_model();
  model.apply(message(sample_trial(13, "succeeded", {{"criterion", "margin"}, {"seed", "1"}})));
  EXPECT_EQ(model.trial(13)->state(), "succeeded");
  EXPECT_DOUBLE_EQ(model.trial(13)->newest_recall().value(), 0.612);
}

TEST(WatchModelTest, TimeLeftComesFromFinishedTrialsAndRunningOnesOwnEstimates) {
  // One trial took 60 s; one waits (60 s), one runs with 95 s left, on one slot.
  EXPECT_DOUBLE_EQ(*sample_model().seconds_left(kNow), 155.0);
  EXPECT_FALSE(WatchModel().seconds_left(kNow).has_value());
}

TEST(WatchModelTest, OnlyFinishedAndCancelledSweepsHaveEnded) {
  WatchModel model;
  EXPECT_FALSE(model.ended());
  model.apply(message(sample_sweep("paused", 1, 0, 0, 1)));
  EXPECT_FALSE(model.ended());
  model.apply(message(sample_sweep("finished", 2, 0, 0, 0)));
  EXPECT_TRUE(model.ended());
  EXPECT_FALSE(model.incomplete());
  model.apply(message(sample_sweep("finished", 1, 1, 0, 0)));
  EXPECT_TRUE(model.incomplete());
}

TEST(WatchFrameTest, ShowsBarRunningTrialsReasonsAndFailures) {
  const std::vector<std::string> expected = {
      "smoke (sweep 3) running",
      "[############xxxxxxxxxxxxx>>>>>>...................] 2/4, about 2 min 35 s left",
      "1 succeeded, 1 failed, 1 running, 1 queued",
      "TRIAL  criterion  seed  EPOCH     STEP    LOSS  R@1 %        LEFT  PHASE",
      "   13  margin     1      3/10  200/400  0.4123  61.20  1 min 35 s  training",
      "1 trial waits: no free slot",
      "Trial 12 failed, out_of_memory",
  };
  EXPECT_EQ(watch_frame(sample_model(), "", kNow, 24, {.utf8 = false, .width = 79}), expected);
}

TEST(WatchFrameTest, NeverHigherOrWiderThanTheTerminal) {
  WatchModel model = sample_model();
  model.apply(message(sample_sweep("running", 1, 1, 40, 1)));
  for (int id = 20; id < 60; ++id)
    model.apply(message(sample_trial(id, "running", {{"criterion", "a-long-name-of-a-row"}})));
  for (const std::size_t height : {1, 3, 5, 9, 24}) {
    for (const std::size_t width : {10, 39, 79, 200}) {
      const auto frame = watch_frame(model, "connection lost", kNow, height, {.width = width});
      EXPECT_LE(frame.size(), height);
      if (width < 39) continue;  // narrower than any table can be
      for (const auto& line : frame) EXPECT_LE(painted_width(line), width) << line;
    }
  }
  const auto frame = watch_frame(model, "", kNow, 12, {.width = 79});
  EXPECT_NE(std::find(frame.begin(), frame.end(), "and 36 more"), frame.end());
}

TEST(WatchFrameTest, BeforeTheFirstMessageItSaysWhatItWaitsFor) {
  EXPECT_EQ(watch_frame(WatchModel(), "", kNow, 24, {}), std::vector<std::string>{"Waiting for the coordinator"});
}

TEST(WatchLogTest, ChangesOfStateAreLinesAndProgressComesAtMostEveryTenSeconds) {
  WatchLog log({});
  WatchModel model = sample_model();
  const auto trial = sample_trial(14, "running", {{"criterion", "triplet"}, {"seed", "1"}});
  EXPECT_EQ(log.lines(message(trial), model, kNow),
            "05:15:47 trial 14 criterion=triplet seed=1: running on node1 cpu:0\n");
  model.apply(message(trial));
  EXPECT_EQ(log.lines(message(trial), model, kNow), "");
  const std::string first = log.lines(progress_event(13, 1, 210), model, kNow);
  EXPECT_TRUE(
      first.starts_with("05:15:47 1/4 trials succeeded, 1 running; trial 13 epoch 3/10 step 210/400 loss 0.4123"))
      << first;
  EXPECT_EQ(log.lines(progress_event(13, 1, 220), model, kNow + 9'999), "");
  EXPECT_NE(log.lines(progress_event(13, 1, 230), model, kNow + 10'000), "");
}

TEST(WatchLogTest, TheConnectionIsSpokenOfWhenItChanges) {
  WatchLog log({});
  EXPECT_EQ(log.connection("", kNow), "");
  EXPECT_EQ(log.connection("connection lost", kNow), "05:15:47 connection lost\n");
  EXPECT_EQ(log.connection("connection lost", kNow), "");
  EXPECT_EQ(log.connection("", kNow), "05:15:47 connected again\n");
}

TEST(ScreenTest, AFrameReplacesTheLastOneInOneWrite) {
  Screen screen;
  EXPECT_EQ(screen.finish(), "");
  EXPECT_EQ(screen.frame({"a", "b"}, 80), "\x1b[?25la\x1b[K\r\nb\x1b[K\r\n\x1b[J");
  EXPECT_EQ(screen.frame({"c"}, 80), "\x1b[2A\rc\x1b[K\r\n\x1b[J");
  EXPECT_EQ(screen.finish(), "\x1b[?25h");
}

TEST(ScreenTest, LinesThatANarrowerWindowWrappedAreRemovedWhole) {
  Screen screen;
  screen.frame({"\x1b[31m0123456789\x1b[0m", "x"}, 20);
  EXPECT_TRUE(screen.frame({"c"}, 4).starts_with("\x1b[4A\r"));  // 10 columns are three rows of 4, then one
}

}  // namespace
}  // namespace oodml::cli
