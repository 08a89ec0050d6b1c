// Plans and submissions, and the trials that sweeps share.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

class SubmissionTest : public ServiceTest {
 protected:
  TrialState state(std::int64_t id) { return trial({id}).state; }
};

TEST_F(SubmissionTest, APlanSaysWhatIsNewWithoutSubmitting) {
  submit({.seeds = {0, 1}});
  const PlanView plan = *sweeps().plan(TestSweep{.criteria = {"margin", "triplet"}, .seeds = {1, 2}}.text(), {});
  EXPECT_EQ(plan.trials, 4);
  EXPECT_EQ(plan.new_trials, 3);
  ASSERT_EQ(plan.axes.size(), 2u);
  EXPECT_EQ(plan.axes[0].axis, "criterion");
  std::string counts;
  for (const auto& [label, trials] : plan.axes[0].labels) counts += label + ":" + std::to_string(trials) + " ";
  EXPECT_EQ(counts, "margin:2 triplet:2 ");
  EXPECT_EQ(plan.planned[0].existing, TrialState::kQueued);
  EXPECT_FALSE(plan.planned[1].existing);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
}

TEST_F(SubmissionTest, AnErrorOfThePlanIsTheReply) {
  Answer<SubmitView> answer;
  sweeps().submit({.yaml = "nonsense"}, "", {}, answer.reply());
  EXPECT_EQ(answer.get().error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(sweeps().plan({.yaml = "nonsense"}, {}).error().code(), StatusCode::kInvalidArgument);
}

TEST_F(SubmissionTest, ASubmissionAskedAgainAnswersAsItDid) {
  const SubmitView first = submit({.seeds = {0, 1}}, "s-1");
  const SubmitView again = submit({.seeds = {0, 1}}, "s-1");
  EXPECT_EQ(again.sweep, first.sweep);
  EXPECT_EQ(again.name, "study");
  EXPECT_EQ(again.trials, 2);
  EXPECT_EQ(again.new_trials, 2);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
  Answer<SubmitView> other;
  sweeps().submit(TestSweep{.seeds = {5}}.text(), "s-1", {}, other.reply());
  EXPECT_EQ(other.get().error().code(), StatusCode::kAlreadyExists);
}

TEST_F(SubmissionTest, EqualTrialsAreShared) {
  submit({.name = "one", .seeds = {0, 1}});
  const SubmitView second = submit({.name = "two", .seeds = {1, 2}});
  EXPECT_EQ(second.trials, 2);
  EXPECT_EQ(second.new_trials, 1);
  EXPECT_EQ(sweeps().get_trial({2}, 0, 0)->sweeps, (std::vector<SweepId>{{1}, {2}}));
  connect("a");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  EXPECT_FALSE(ask("a")->has_value());
  EXPECT_EQ(view({1}).state, "finished");
  EXPECT_EQ(view({2}).state, "finished");
  EXPECT_EQ(view({2}).finished, clock.now());
}

TEST_F(SubmissionTest, ASucceededTrialIsDoneForANewSweepAndABadlyEndedOneIsQueuedAgain) {
  submit({.name = "one", .seeds = {0, 1, 2}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kNumeric).ok());
  change(SweepChange::kCancel, {1});
  submit({.name = "two", .seeds = {0, 1, 2}});
  EXPECT_EQ(view({2}).counts, (StateCounts{.queued = 2, .succeeded = 1}));
  EXPECT_EQ(acquire("a").lease.trial, TrialId{2});
  EXPECT_EQ(acquire("a").lease.trial, TrialId{3});
}

TEST_F(SubmissionTest, ATrialThatFailedTakesOverTheMemoryThatALaterSweepDemands) {
  submit({.name = "small"});
  job::WorkerInfo gpu = worker_info("gpu");
  gpu.slots[0] = {.name = "cuda:0", .device = "cuda:0", .threads = 1, .memory_mib = 24'576};
  Answer<LeaseTerms> known;
  leases().register_worker(gpu, {}, known.reply());
  ASSERT_TRUE(known.get());
  const job::Lease lease = acquire("gpu", "cuda:0").lease;
  ASSERT_TRUE(finish(lease, Outcome::kOutOfMemory).ok());

  submit({.name = "large", .gpu_memory_mib = 40'000});
  EXPECT_EQ(state(lease.trial.value), TrialState::kQueued) << "the same trial";
  EXPECT_EQ(trial(lease.trial).waiting_for,
            "no connected worker can run it: gpu: wants 40000 MiB of GPU memory, slot cuda:0 has 24576");
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 0)->spec.values.integer("gpu_memory_mib"), 40'000);
}

TEST_F(SubmissionTest, SplitIdsThatWorkersAnnounceReachThePlanBeforeTheCallers) {
  std::vector<SplitIds> seen;
  service.reset();
  service =
      *open_service({.database = database, .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }},
                    clock, [&](const SweepText& text) {
                      seen = text.split_ids;
                      return plan_test_sweep(text);
                    });
  SweepText text = TestSweep{}.text();
  text.split_ids = {{"fashion_mnist", "splits.json", {"9"}}};
  ASSERT_TRUE(sweeps().plan(text, {}));
  ASSERT_EQ(seen.size(), 1u);
  connect("a");
  connect("b");
  ASSERT_TRUE(sweeps().plan(text, {}));
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].benchmark, "fashion_mnist");
  EXPECT_EQ(seen[0].ids, (std::vector<std::string>{"1", "2", "3"})) << "of both workers, each once";
  EXPECT_EQ(seen[1].ids, std::vector<std::string>{"9"});
}

TEST_F(SubmissionTest, ASubmissionThatNoWorkerCanRunSaysSo) {
  EXPECT_TRUE(submit({.name = "early", .split = "7"}).notes.empty()) << "workers may come";
  connect("a");
  const std::vector<std::string> wanted = {
      "2 trials wait for a worker that can run them: a: its split file of fashion_mnist has no split 7 (has 1, 2, 3)"};
  EXPECT_EQ(sweeps().plan(TestSweep{.seeds = {0, 1}, .split = "7"}.text(), {})->notes, wanted);
  EXPECT_EQ(submit({.name = "late", .seeds = {0, 1}, .split = "7"}).notes, wanted);
  EXPECT_TRUE(submit({.name = "fine", .split = "3"}).notes.empty());
  connect("b");
  leases().leave({"a"});
  const auto notes = sweeps().plan(TestSweep{.split = "7"}.text(), {})->notes;
  EXPECT_EQ(notes.size(), 1u);
  EXPECT_NE(notes.at(0).find("run it: b: "), std::string::npos) << "of those that are there: " << notes.at(0);
  leases().leave({"b"});
  EXPECT_TRUE(sweeps().plan(TestSweep{.split = "7"}.text(), {})->notes.empty()) << "others may come";
}

TEST_F(SubmissionTest, TenThousandTrialsAreOneSubmission) {
  std::vector<int> seeds(10'000);
  for (int i = 0; i < 10'000; ++i) seeds[static_cast<std::size_t>(i)] = i;
  const SubmitView submitted = submit({.seeds = seeds});
  EXPECT_EQ(submitted.new_trials, 10'000);
  EXPECT_EQ(view({1}).counts.queued, 10'000);
  restart();
  connect("a");
  EXPECT_EQ(acquire("a").lease.trial, TrialId{1});
  EXPECT_EQ(change(SweepChange::kCancel, {1}).changed, 10'000);
}

}  // namespace
}  // namespace oodml::coordinator::testing
