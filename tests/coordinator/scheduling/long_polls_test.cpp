// Slots that wait for a trial.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class LongPollsTest : public ServiceTest {};

TEST_F(LongPollsTest, AWaitingSlotIsAnsweredBySubmission) {
  connect("a");
  Answer<MaybeTrial> answer;
  const auto pending = leases().acquire({"a"}, "cpu:0", "r", 1h, answer.reply());
  advance(10s);
  EXPECT_FALSE(answer.ready());
  submit({});
  EXPECT_TRUE((*answer.get()).has_value());
}

TEST_F(LongPollsTest, AWaitingSlotIsAnsweredEmptyWhenItsTimeIsOverOrItIsCancelled) {
  connect("a", 2);
  Answer<MaybeTrial> in_time, cancelled;
  const auto first = leases().acquire({"a"}, "cpu:0", "r1", 60s, in_time.reply());
  const auto second = leases().acquire({"a"}, "cpu:1", "r2", 60s, cancelled.reply());
  second->cancel();
  EXPECT_FALSE(cancelled.get()->has_value());
  second->cancel();
  advance(59s);
  EXPECT_FALSE(in_time.ready());
  advance(1s);
  EXPECT_FALSE(in_time.get()->has_value());
  submit({});
  EXPECT_EQ(view({1}).counts.queued, 1) << "nobody who left got the trial";
}

TEST_F(LongPollsTest, APollAskedAgainGoesOnWithTheNewReply) {
  connect("a");
  Answer<MaybeTrial> lost, again;
  const auto first = leases().acquire({"a"}, "cpu:0", "r", 1h, lost.reply());
  const auto second = leases().acquire({"a"}, "cpu:0", "r", 1h, again.reply());
  EXPECT_FALSE(lost.get()->has_value());
  submit({});
  EXPECT_TRUE(again.get()->has_value());
}

TEST_F(LongPollsTest, ANewerQuestionOfTheSameSlotEndsTheOlder) {
  connect("a");
  Answer<MaybeTrial> older, newer;
  const auto first = leases().acquire({"a"}, "cpu:0", "r1", 1h, older.reply());
  const auto second = leases().acquire({"a"}, "cpu:0", "r2", 1h, newer.reply());
  EXPECT_FALSE(older.get()->has_value());
  submit({.seeds = {0, 1}});
  EXPECT_TRUE(newer.get()->has_value());
  EXPECT_EQ(view({1}).counts.running, 1);
}

TEST_F(LongPollsTest, StoppingAnswersThoseWhoWait) {
  connect("a");
  Answer<MaybeTrial> answer;
  const auto pending = leases().acquire({"a"}, "cpu:0", "r", 1h, answer.reply());
  service.reset();
  EXPECT_FALSE(answer.get()->has_value());
  pending->cancel();
  open();
}

TEST_F(LongPollsTest, SlotsWaitInTheOrderInWhichTheyCame) {
  connect("a");
  connect("b");
  Answer<MaybeTrial> first, second;
  const auto one = leases().acquire({"b"}, "cpu:0", "r1", 1h, first.reply());
  const auto two = leases().acquire({"a"}, "cpu:0", "r2", 1h, second.reply());
  submit({});
  EXPECT_TRUE(first.get()->has_value());
  EXPECT_FALSE(second.ready());
}

TEST_F(LongPollsTest, AWorkerIsOnlyGivenTrialsItCanRun) {
  submit({.name = "elsewhere", .benchmark = "cub200"}, "", 9);
  submit({.name = "other-split", .seeds = {1}, .split = "8"}, "", 8);
  submit({.name = "wide", .seeds = {2}, .cpu_threads = 4}, "", 7);
  submit({.name = "fits", .seeds = {3}, .split = "2"});
  connect("a");
  EXPECT_EQ(acquire("a").spec.seed(), 3);
  EXPECT_FALSE(ask("a")->has_value());
}

TEST_F(LongPollsTest, AWorkersPollsEndWhenItLeaves) {
  connect("a");
  Answer<MaybeTrial> waiting;
  const auto poll = leases().acquire({"a"}, "cpu:0", "r", 60s, waiting.reply());
  leases().leave({"a"});
  const auto answer = waiting.get();
  ASSERT_TRUE(answer.has_value()) << answer.error().text();
  EXPECT_FALSE(answer->has_value());
}

TEST_F(LongPollsTest, AWorkerThatDrainsStillLearnsWhatItWasGiven) {
  submit({});
  connect("a");
  const auto given = ask("a", "the-request");
  ASSERT_TRUE(given.has_value() && given->has_value());
  connect("a", 0);
  const auto again = ask("a", "the-request");
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ((*again)->lease, (*given)->lease);
  EXPECT_EQ(ask("a", "another").error().code(), StatusCode::kInvalidArgument) << "it has no slot";
}

}  // namespace
}  // namespace oodml::coordinator::testing
