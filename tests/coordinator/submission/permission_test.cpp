// Whose sweeps are, and who may change them and the trials that they share.

#include "tests/coordinator/submission/reuse_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::TrialState;

const Person kAlice{.name = "alice", .is_operator = false}, kBob{.name = "bob", .is_operator = false},
    kOlga{.name = "olga", .is_operator = true};

class PermissionTest : public ReuseTest {
 protected:
  Result<SubmitView> submit_as(const Person& by, const TestSweep& sweep, const std::string& request_id = "",
                               SubmitOptions options = {}) {
    options.owner = by.name;
    options.is_operator = by.is_operator;
    return submit_with(sweep, options, {}, request_id);
  }
  Result<ChangeView> change_as(const Person& by, SweepChange kind, std::int64_t sweep, const std::string& id = "") {
    Answer<ChangeView> answer;
    sweeps().change(kind, {.sweep = {.id = {sweep}}, .request_id = id, .by = by}, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
};

TEST_F(PermissionTest, ASweepBelongsToWhoSubmittedItAlsoAfterARestart) {
  ASSERT_TRUE(submit_as(kAlice, {.name = "one"}));
  ASSERT_TRUE(submit_as(kBob, {.name = "two"}));
  submit({.name = "three"});
  restart();
  EXPECT_EQ(view({1}).owner, "alice");
  EXPECT_EQ(view({3}).owner, "");
  const SweepPage page = *sweeps().list({.owner = "bob"});
  ASSERT_EQ(page.sweeps.size(), 1u);
  EXPECT_EQ(page.sweeps[0].name, "two");
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 3u) << "all may be seen by everybody";
  EXPECT_EQ(sweeps().list({.limit = 1, .owner = "alice"})->next_before, 0) << "pages are of the owner's alone";
}

TEST_F(PermissionTest, OthersSweepsAreChangedByTheirOwnerOrAnOperatorAlone) {
  ASSERT_TRUE(submit_as(kAlice, {.name = "one", .seeds = {0, 1}}));
  for (const SweepChange kind : {SweepChange::kPause, SweepChange::kPauseAfterRunning, SweepChange::kResume,
                                 SweepChange::kCancel, SweepChange::kRetry}) {
    const auto refused = change_as(kBob, kind, 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), Status(StatusCode::kPermissionDenied,
                                      "sweep 1 one belongs to alice: alice or an operator may change it, and you are "
                                      "bob"));
  }
  EXPECT_EQ(view({1}).counts, (StateCounts{.queued = 2}));
  EXPECT_EQ(change_as(kAlice, SweepChange::kPause, 1)->changed, 2);
  EXPECT_EQ(change_as(kOlga, SweepChange::kResume, 1)->changed, 2);
}

TEST_F(PermissionTest, ASweepWithoutAnOwnerIsEverybodys) {
  submit({});
  EXPECT_EQ(change_as(kBob, SweepChange::kPause, 1)->changed, 1);
}

TEST_F(PermissionTest, ARequestIdIsAnsweredToWhoUsedItAndToNobodyElse) {
  ASSERT_TRUE(submit_as(kAlice, {.name = "one"}, "r-1"));
  EXPECT_EQ(submit_as(kAlice, {.name = "one"}, "r-1")->sweep, SweepId{1});
  EXPECT_EQ(submit_as(kBob, {.name = "one"}, "r-1").error().code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);

  EXPECT_EQ(change_as(kAlice, SweepChange::kPause, 1, "p-1")->changed, 1);
  EXPECT_EQ(change_as(kBob, SweepChange::kPause, 1, "p-1").error().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(change_as(kOlga, SweepChange::kPause, 1, "p-1").error().code(), StatusCode::kAlreadyExists);
}

TEST_F(PermissionTest, ResultsOfOthersDoNotGoFromTheirTablesByARerun) {
  ASSERT_TRUE(submit_as(kAlice, {.name = "one", .seeds = {0, 1}}));
  for (int i = 0; i < 2; ++i) run(kBirds, 0.5);
  const TestSweep again{.name = "two", .seeds = {1, 2}};
  const auto refused = submit_as(kBob, again, "", {.rerun = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            Status(StatusCode::kPermissionDenied,
                   "1 trial to be run again is also of sweep 1 one of alice, whose tables its result would leave: an "
                   "operator may do that; choose others with --filter, or submit without --rerun"));
  EXPECT_EQ(trial({2}).state, TrialState::kSucceeded);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u) << "nothing of it was submitted";

  EXPECT_TRUE(submit_as(kBob, again, "", {.rerun = true, .rerun_only = {{"seed", "2"}}})) << "without alice's";
  EXPECT_EQ(submit_as(kBob, {.name = "three", .seeds = {2}}, "", {.rerun = true})->rerun_trials, 1) << "bob's alone";
  EXPECT_EQ(submit_as(kAlice, {.name = "four", .seeds = {1}}, "", {.rerun = true}).error().code(),
            StatusCode::kPermissionDenied)
      << "bob has it in sweep two by now";
  EXPECT_EQ(submit_as(kOlga, {.name = "five", .seeds = {1}}, "", {.rerun = true})->rerun_trials, 1);
}

TEST_F(PermissionTest, ARetryOfASharedTrialCanOnlyGiveOthersAResult) {
  ASSERT_TRUE(submit_as(kAlice, {.name = "one"}));
  ASSERT_TRUE(submit_as(kBob, {.name = "two"}));
  ASSERT_TRUE(change_as(kAlice, SweepChange::kCancel, 1));
  EXPECT_EQ(trial({1}).state, TrialState::kQueued) << "bob still wants it";
  ASSERT_TRUE(change_as(kBob, SweepChange::kCancel, 2));
  EXPECT_EQ(trial({1}).state, TrialState::kCancelled);
  EXPECT_EQ(change_as(kBob, SweepChange::kRetry, 2)->changed, 1);
  EXPECT_EQ(view({1}).state, "cancelled") << "alice's sweep stays as she left it";
  EXPECT_EQ(view({2}).state, "running");
}

}  // namespace
}  // namespace oodml::coordinator::testing
