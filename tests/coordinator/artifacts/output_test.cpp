#include "tests/coordinator/artifacts/files_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

class OutputTest : public FilesTest {
 protected:
  void SetUp() override {
    submit({.name = "study"});
    connect("a");
    lease = acquire("a").lease;
  }
  job::Lease lease;
};

TEST_F(OutputTest, WhoWaitsGetsMoreAsSoonAsItIsThere) {
  ASSERT_TRUE(uploads().append_output(lease, 0, "one\n", false));
  EXPECT_EQ(output({.trial = lease.trial}).data, "one\n");
  Answer<OutputPiece> answer;
  const auto pending = artifacts().read_output({.trial = lease.trial, .offset = 4, .wait = 30s}, answer.reply());
  EXPECT_FALSE(answer.ready());
  ASSERT_TRUE(uploads().append_output(lease, 4, "two\n", false));
  ASSERT_TRUE(answer.ready());
  const auto piece = answer.get();
  EXPECT_EQ(piece->data, "two\n");
  EXPECT_EQ(piece->offset, 4);
  EXPECT_EQ(piece->attempt, 1);
  EXPECT_FALSE(piece->over);
}

TEST_F(OutputTest, AWaitEndsWithItsTimeWhenItIsCancelledAndWithTheService) {
  Answer<OutputPiece> due, cancelled, stopped;
  const auto first = artifacts().read_output({.trial = lease.trial, .wait = 20s}, due.reply());
  const auto second = artifacts().read_output({.trial = lease.trial, .wait = 50s}, cancelled.reply());
  const auto third = artifacts().read_output({.trial = lease.trial, .wait = 50s}, stopped.reply());
  advance(20s);
  ASSERT_TRUE(due.ready());
  EXPECT_EQ(due.get()->data, "");
  EXPECT_FALSE(cancelled.ready());
  second->cancel();
  second->cancel();
  EXPECT_TRUE(cancelled.ready());
  service.reset();
  EXPECT_TRUE(stopped.ready());
  third->cancel();
}

TEST_F(OutputTest, ItIsOverWhenItsWorkerSaysSo) {
  Answer<OutputPiece> answer;
  const auto pending = artifacts().read_output({.trial = lease.trial, .offset = 4, .wait = 30s}, answer.reply());
  ASSERT_TRUE(uploads().append_output(lease, 0, "end\n", true));
  ASSERT_TRUE(answer.ready());
  EXPECT_TRUE(answer.get()->over);
  EXPECT_TRUE(output({.trial = lease.trial, .wait = 30s}).over) << "this reaches the end";
}

TEST_F(OutputTest, OfAnAttemptThatPrintedNothingItIsOverWithItsEnd) {
  Answer<OutputPiece> answer;
  const auto pending = artifacts().read_output({.trial = lease.trial, .wait = 30s}, answer.reply());
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  EXPECT_FALSE(answer.ready());
  uploads().note_quiet(lease);
  ASSERT_TRUE(answer.ready());
  EXPECT_TRUE(answer.get()->over);
  EXPECT_TRUE(output({.trial = lease.trial, .wait = 30s}).over);
}

TEST_F(OutputTest, ItIsOverWhenNobodyWillSayMore) {
  ASSERT_TRUE(uploads().append_output(lease, 0, "one\n", false));
  ASSERT_TRUE(finish(lease, Outcome::kPreempted).ok());
  EXPECT_FALSE(output({.trial = lease.trial}).over) << "its end may still be on its way";
  ASSERT_TRUE(uploads().append_output(lease, 4, "two\n", false));
  advance(2min);
  EXPECT_TRUE(output({.trial = lease.trial}).over);
  const job::Lease next = acquire("a").lease;
  EXPECT_EQ(output({.trial = lease.trial}).attempt, 2) << "the newest";
  EXPECT_EQ(output({.trial = lease.trial, .attempt = 1}).data, "one\ntwo\n");
  ASSERT_TRUE(uploads().append_output(next, 0, "again\n", false));
  EXPECT_EQ(output({.trial = lease.trial}).data, "again\n");
}

TEST_F(OutputTest, ATrialThatHasNotBegunIsWaitedForAndOneThatIsNotThereIsAnError) {
  submit({.name = "later", .criteria = {"triplet"}});
  Answer<OutputPiece> answer, none;
  const auto pending = artifacts().read_output({.trial = {2}, .wait = 30s}, answer.reply());
  EXPECT_FALSE(answer.ready());
  connect("b");
  const job::Lease second = acquire("b").lease;
  ASSERT_EQ(second.trial.value, 2);
  ASSERT_TRUE(uploads().append_output(second, 0, "hello\n", false));
  ASSERT_TRUE(answer.ready());
  EXPECT_EQ(answer.get()->data, "hello\n");
  artifacts().read_output({.trial = {77}}, none.reply());
  EXPECT_EQ(none.get().error().code(), StatusCode::kNotFound);
  Answer<OutputPiece> other;
  artifacts().read_output({.trial = {2}, .attempt = 5}, other.reply());
  EXPECT_EQ(other.get().error().message(), "trial 2 has no attempt 5; its newest is 1");
}

}  // namespace
}  // namespace oodml::coordinator::testing
