#include "tests/coordinator/artifacts/files_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::FileKind;
using job::Outcome;
using Paths = std::vector<std::string>;

class UploadsTest : public FilesTest {
 protected:
  void SetUp() override {
    sweep = submit({.name = "study"}).sweep;
    connect("a");
    connect("b");
    lease = acquire("a").lease;
  }
  /// The trial's next attempt, on the worker.
  job::LeasedTrial next_attempt(const std::string& worker, const job::Lease& before,
                                Outcome outcome = Outcome::kPreempted) {
    EXPECT_TRUE(finish(before, outcome).ok());
    advance(10min);
    return acquire(worker);
  }

  SweepId sweep;
  job::Lease lease;
};

TEST_F(UploadsTest, FilesThatAreWholeGetTheirNamesAllOrNone) {
  ASSERT_TRUE(put(lease, "log").ok());
  const auto log = file("log.txt", "log", FileKind::kLog), results = file("results.json", "{}", FileKind::kResults);
  const Status refused = publish(lease, {log, results});
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(refused.message(),
            "the content " + results.sha256 + " of results.json is not whole in the store; offer it first");
  EXPECT_TRUE(paths(lease.trial).empty());

  ASSERT_TRUE(put(lease, "{}").ok());
  ASSERT_TRUE(publish(lease, {log, results}).ok());
  ASSERT_TRUE(publish(lease, {log, results}).ok()) << "a reply that was lost";
  EXPECT_EQ(paths(lease.trial), (Paths{"1:log.txt", "1:results.json"}));
  const auto page = artifacts().list({.sweep = {.id = sweep}});
  ASSERT_TRUE(page) << page.error().text();
  ASSERT_EQ(page->trials.size(), 1u);
  EXPECT_EQ(page->trials[0].worker, "a");
  EXPECT_EQ(page->trials[0].labels.at("criterion"), "margin");
  EXPECT_EQ(page->trials[0].files[0].stored, clock.now());
  EXPECT_EQ(page->stored_bytes, 5);
  EXPECT_EQ(artifacts().read(lease.trial, log.sha256, 0)->data, "log");
  EXPECT_EQ(artifacts().read(lease.trial, log.sha256, 3)->data, "");
  EXPECT_EQ(artifacts().read(lease.trial, content("other").sha256, 0).error().code(), StatusCode::kNotFound);
}

TEST_F(UploadsTest, FilesOfTrialsWithSomeLabelsAreListedAndCountedAlone) {
  const SweepId wide = submit({.name = "wide", .seeds = {0, 1}}).sweep;  // the first is the trial that runs
  const job::Lease other = acquire("b").lease;
  ASSERT_TRUE(put(lease, "log").ok() && publish(lease, {file("log.txt", "log", FileKind::kLog)}).ok());
  ASSERT_TRUE(put(other, "{}").ok() && publish(other, {file("results.json", "{}", FileKind::kResults)}).ok());
  EXPECT_EQ(artifacts().list({.sweep = {.id = wide}})->stored_bytes, 5);
  const auto page = artifacts().list({.sweep = {.id = wide}, .where = {"criterion=margin,seed=1..3"}});
  ASSERT_TRUE(page) << page.error().text();
  ASSERT_EQ(page->trials.size(), 1u);
  EXPECT_EQ(page->trials[0].trial, other.trial);
  EXPECT_EQ(page->stored_bytes, 2);
  EXPECT_EQ(artifacts().list({.sweep = {.id = wide}, .where = {"colour=red"}}).error(),
            Status(StatusCode::kInvalidArgument, "sweep wide has no axis 'colour'; it has criterion, seed"));
}

TEST_F(UploadsTest, ANewCheckpointAndANewBestReplaceTheAttemptsEarlierOnes) {
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  ASSERT_TRUE(put(lease, "best 1").ok());
  ASSERT_TRUE(publish(lease, {file("best/0001/network.safetensors", "best 1", FileKind::kBest, 1)}).ok());
  ASSERT_TRUE(leave_checkpoint(lease, "0002", 2).ok());
  EXPECT_EQ(paths(lease.trial), (Paths{"1:best/0001/network.safetensors", "1:checkpoints/0002/network.safetensors"}));
}

TEST_F(UploadsTest, AnAttemptThatEndedMayLeaveFilesUntilItsTrialIsClaimedAgain) {
  ASSERT_TRUE(finish(lease, Outcome::kPreempted).ok());
  EXPECT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  EXPECT_TRUE(uploads().append_output(lease, 0, "stopped\n", true));
  advance(10min);
  const job::LeasedTrial next = acquire("b");
  ASSERT_TRUE(next.resume_from.has_value());

  const ContentName name = content("late");
  EXPECT_EQ(uploads().offer(lease, name).error().code(), StatusCode::kAborted);
  EXPECT_EQ(put(lease, "late").code(), StatusCode::kAborted);
  EXPECT_EQ(publish(lease, {}).code(), StatusCode::kAborted);
  EXPECT_EQ(uploads().append_output(lease, 8, "late", false).error().code(), StatusCode::kAborted);
  EXPECT_EQ(uploads().take(lease, name.sha256, 0).error().message(),
            "no files of trial 1 attempt 1: attempt 2 was started since");
  job::Lease invented = next.lease;
  invented.id.value = std::string(32, '0');
  EXPECT_EQ(uploads().offer(invented, name).error().code(), StatusCode::kAborted);
}

TEST_F(UploadsTest, TheNextAttemptGetsTheCheckpointThatLiesFarthest) {
  ASSERT_TRUE(leave_checkpoint(lease, "0003-17", 3).ok());
  const job::LeasedTrial second = next_attempt("b", lease);
  ASSERT_TRUE(second.resume_from.has_value());
  EXPECT_EQ(second.resume_from->attempt, 1);
  EXPECT_EQ(second.resume_from->epoch, 3);
  EXPECT_EQ(second.resume_from->step, 17);
  ASSERT_EQ(second.resume_from->files.size(), 1u);
  const job::StoredFile& stored = second.resume_from->files[0];
  EXPECT_EQ(stored.path, "checkpoints/0003-17/network.safetensors");
  EXPECT_EQ(uploads().take(second.lease, stored.sha256, 0)->data, "checkpoint 0003-17 of attempt 1");
  EXPECT_EQ(uploads().take(second.lease, content("other").sha256, 0).error().code(), StatusCode::kNotFound);

  // One that began further back than where the first came is not what the third goes on from.
  ASSERT_TRUE(leave_checkpoint(second.lease, "0003-9", 3).ok());
  const job::LeasedTrial third = next_attempt("a", second.lease);
  EXPECT_EQ(third.resume_from->attempt, 1);
  ASSERT_TRUE(leave_checkpoint(third.lease, "0004", 4).ok());
  const job::LeasedTrial fourth = next_attempt("b", third.lease);
  EXPECT_EQ(fourth.resume_from->attempt, 3);
  EXPECT_EQ(fourth.resume_from->epoch, 4);
  EXPECT_EQ(fourth.resume_from->step, 0);
}

TEST_F(UploadsTest, ALostReplyIsGivenTheSameCheckpointAgain) {
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  ASSERT_TRUE(finish(lease, Outcome::kPreempted).ok());
  advance(10min);
  const auto first = ask("b", "r-1"), again = ask("b", "r-1");
  ASSERT_TRUE(first && *first && again && *again);
  EXPECT_TRUE((*first)->resume_from.has_value());
  EXPECT_EQ((*again)->resume_from, (*first)->resume_from);
}

TEST_F(UploadsTest, CheckpointsOfAnEarlierRunAreNotGoneOnFrom) {
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  Answer<SubmitView> answer;
  sweeps().submit(TestSweep{.name = "again"}.text(), "", {.rerun = true}, answer.reply());
  ASSERT_TRUE(answer.get());
  drain();
  EXPECT_EQ(publish(lease, {}).code(), StatusCode::kAborted) << "the trial began afresh";
  EXPECT_FALSE(acquire("b").resume_from.has_value());
  EXPECT_EQ(paths(lease.trial).size(), 1u) << "people still get them";
}

TEST_F(UploadsTest, CheckpointsMadeOfOtherDataAreNotGoneOnFrom) {
  ASSERT_TRUE(push("a", lease, 1, {job::Identity{.program = "1", .data = "images of birds=abc"}}));
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  const job::LeasedTrial second = next_attempt("b", lease);
  EXPECT_TRUE(second.resume_from.has_value()) << "nobody knows yet";
  ASSERT_TRUE(push("b", second.lease, 1, {job::Identity{.program = "1", .data = "images of birds=def"}}));
  EXPECT_FALSE(next_attempt("a", second.lease).resume_from.has_value());
}

TEST_F(UploadsTest, FilesAndUploadsOutliveARestart) {
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  ASSERT_EQ(uploads().put(lease, content("0123456789"), 0, "0123")->present, 4);
  ASSERT_TRUE(uploads().append_output(lease, 0, "one\n", false));
  restart();
  EXPECT_EQ(paths(lease.trial).size(), 1u);
  EXPECT_EQ(uploads().offer(lease, content("0123456789"))->present, 4);
  EXPECT_EQ(uploads().append_output(lease, 0, "one\ntwo\n", false), 8);
}

TEST_F(UploadsTest, FilesAreShownByADatabaseThatIsOnlyRead) {
  ASSERT_TRUE(leave_checkpoint(lease, "0001", 1).ok());
  ASSERT_TRUE(uploads().append_output(lease, 0, "one\n", false));
  service.reset();
  auto shown = open_service({.database = database, .read_only = true, .disk_failed = [](const Status&) {}}, clock,
                            plan_test_sweep);
  ASSERT_TRUE(shown) << shown.error().text();
  service = *std::move(shown);
  EXPECT_EQ(paths(lease.trial).size(), 1u);
  EXPECT_EQ(output({.trial = lease.trial}).data, "one\n");
  EXPECT_EQ(put(lease, "more").code(), StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace oodml::coordinator::testing
