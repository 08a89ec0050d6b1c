#include "core/base/exit_code.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class OutputTest : public CliTest {
 protected:
  void reply(std::int64_t attempt, std::int64_t offset, const std::string& data, bool over = false) {
    v1::ReadOutputReply piece;
    piece.set_attempt(attempt);
    piece.set_offset(offset);
    piece.set_data(data);
    piece.set_over(over);
    service_.artifacts.output_replies.push_back(piece);
  }
  void trial_is(const std::string& state, std::int64_t attempt) {
    service_.trial_reply.mutable_trial()->set_trial_id(7);
    service_.trial_reply.mutable_trial()->set_state(state);
    service_.trial_reply.mutable_trial()->set_attempt(attempt);
  }
  const std::vector<v1::ReadOutputRequest>& asked() { return service_.artifacts.output_reads; }
};

TEST_F(OutputTest, WhatIsThereIsPrintedAsItIs) {
  reply(2, 0, "one\x1b[31m\n");
  reply(2, 9, "two\n");
  reply(2, 13, "");
  const Outcome outcome = run({"logs", "7", "--output"});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(outcome.out, "one\x1b[31m\ntwo\n");
  ASSERT_EQ(asked().size(), 3u);
  EXPECT_EQ(asked()[0].attempt(), 0);
  EXPECT_EQ(asked()[1].attempt(), 2) << "the same attempt, though another may have begun";
  EXPECT_EQ(asked()[1].offset(), 9);
  EXPECT_EQ(asked()[1].wait_millis(), 0);
}

TEST_F(OutputTest, AHoleIsSaid) {
  reply(1, 0, "head\n");
  reply(1, 100, "tail\n");
  reply(1, 105, "");
  const Outcome outcome = run({"logs", "7", "--output"});
  EXPECT_EQ(outcome.out, "head\ntail\n");
  EXPECT_EQ(outcome.err, "[95 bytes are not kept]\n");
}

TEST_F(OutputTest, FollowingEndsWithTheTrialAndGoesOnWithItsNextAttempt) {
  trial_is("succeeded", 2);
  reply(1, 0, "stopped\n", true);
  reply(2, 0, "again\n");
  reply(2, 6, "");
  reply(2, 6, "done\n", true);
  const Outcome outcome = run({"logs", "7", "--output", "-f"});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(outcome.out, "stopped\nagain\ndone\n");
  EXPECT_GT(asked()[0].wait_millis(), 0);
  EXPECT_EQ(asked()[1].attempt(), 2);
  EXPECT_EQ(asked()[1].offset(), 0);
  EXPECT_NE(outcome.err.find("[attempt 2 on "), std::string::npos) << outcome.err;
}

TEST_F(OutputTest, OneAttemptIsFollowedToItsEndOnly) {
  trial_is("running", 2);
  reply(1, 0, "stopped\n", true);
  const Outcome outcome = run({"logs", "7", "--output", "-f", "--attempt", "1"});
  EXPECT_EQ(outcome.code, kExitDone) << outcome.err;
  EXPECT_EQ(outcome.out, "stopped\n");
  EXPECT_EQ(asked()[0].attempt(), 1);
}

TEST_F(OutputTest, FollowingIsInterrupted) {
  int questions = 0;
  interrupts_ = [&] { return ++questions > 1 ? 1 : 0; };
  reply(1, 0, "one\n");
  EXPECT_EQ(run({"logs", "7", "--output", "-f"}).code, kExitInterrupted);
}

TEST_F(OutputTest, WrongWordsAreRefused) {
  EXPECT_EQ(run({"logs", "7", "--output", "-o", "json"}).code, kExitUsage);
  EXPECT_EQ(run({"logs", "--sweep", "smoke", "--output"}).code, kExitUsage);
  EXPECT_EQ(run({"logs", "7", "--attempt", "1"}).code, kExitUsage);
  EXPECT_EQ(run({"logs", "7", "--output"}).code, kExitNotFound);
}

}  // namespace
}  // namespace oodml::cli
