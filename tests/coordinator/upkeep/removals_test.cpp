#include "tests/coordinator/upkeep/upkeep_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using RemovalsTest = UpkeepTest;

TEST_F(RemovalsTest, AnArchivedSweepIsNotListedOrChangedAndItsResultsStay) {
  const SweepId sweep = submit({.seeds = {0, 1}}).sweep;
  run_all();
  ASSERT_TRUE(remove(Removal::kArchive, sweep));
  EXPECT_TRUE(sweeps().list({})->sweeps.empty());
  ASSERT_EQ(sweeps().list({.archived = true})->sweeps.size(), 1u);
  EXPECT_EQ(sweeps().list({.archived = true})->sweeps[0].archived, clock.now());
  EXPECT_EQ(sweeps().results({.sweep = {.id = sweep}})->n, 2);
  Answer<ChangeView> changed;
  sweeps().change(SweepChange::kRetry, {.sweep = {.id = sweep}}, changed.reply());
  EXPECT_EQ(changed.get().error().code(), StatusCode::kFailedPrecondition);

  ASSERT_TRUE(remove(Removal::kUnarchive, sweep));
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
  EXPECT_TRUE(sweeps().list({.archived = true})->sweeps.empty());
  change(SweepChange::kRetry, sweep);
}

TEST_F(RemovalsTest, NothingGoesWhileASweepHasTrialsThatAreNotOver) {
  const SweepId sweep = submit({}).sweep;
  for (const Removal kind : {Removal::kArchive, Removal::kDelete}) {
    for (const bool go_ahead : {false, true}) {
      const auto refused = remove(kind, sweep, go_ahead);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code(), StatusCode::kFailedPrecondition);
      EXPECT_NE(refused.error().message().find("oodml cancel"), std::string::npos) << refused.error().message();
    }
  }
  change(SweepChange::kCancel, sweep);
  EXPECT_TRUE(remove(Removal::kDelete, sweep));
}

TEST_F(RemovalsTest, WhatGoesIsSaidFirstAndWhatAnotherSweepHasStays) {
  const SweepId first = submit({.seeds = {0, 1, 2}}).sweep;
  run_all();
  const SweepId second = submit({.name = "second", .seeds = {2}}).sweep;
  const auto would = remove(Removal::kDelete, first, /*go_ahead=*/false);
  ASSERT_TRUE(would) << would.error().text();
  EXPECT_EQ(would->trials, 2);
  EXPECT_EQ(would->shared_trials, 1);
  EXPECT_EQ(would->points, 2 * 9);
  EXPECT_GT(would->database_bytes, 500);
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 2u) << "nothing was done";

  ASSERT_TRUE(remove(Removal::kDelete, first));
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u) << "at once";
  EXPECT_EQ(sweeps().get({.sweep = {.id = first}}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(sweeps().get({.sweep = {.name = "study"}}).error().code(), StatusCode::kNotFound);
  settle();
  EXPECT_EQ(rows_of("sweeps"), 1);
  EXPECT_EQ(rows_of("trials"), 1);
  for (const char* table : {"trial_specs", "sweep_trials", "attempts"}) EXPECT_EQ(rows_of(table), 1) << table;
  EXPECT_EQ(rows_of("metric_points"), 9);
  EXPECT_EQ(rows_of("trial_results"), 1);
  EXPECT_EQ(sweeps().results({.sweep = {.id = second}})->n, 1);

  ASSERT_TRUE(remove(Removal::kDelete, second));
  settle();
  for (const char* table : {"sweeps", "trials", "trial_specs", "common_settings", "sweep_trials", "attempts",
                            "metric_points", "events", "trial_results"}) {
    EXPECT_EQ(rows_of(table), 0) << table;
  }
}

TEST_F(RemovalsTest, WhatIsLeftGoesAfterARestart) {
  const SweepId sweep = submit({.seeds = {0, 1, 2, 3}}).sweep;
  run_all(200);
  Answer<RemovalView> answer;
  upkeep().remove({.kind = Removal::kDelete, .sweep = {.id = sweep}, .go_ahead = true}, answer.reply());
  ASSERT_TRUE(answer.get());
  restart();
  EXPECT_TRUE(sweeps().list({})->sweeps.empty());
  settle();
  EXPECT_EQ(rows_of("trials") + rows_of("metric_points") + rows_of("sweeps"), 0);
  EXPECT_EQ(submit({.seeds = {0}}).new_trials, 1) << "and its trials are new ones";
}

TEST_F(RemovalsTest, ATrialOfADeletedSweepThatIsSubmittedAgainAtOnceIsWhole) {
  const SweepId sweep = submit({.seeds = {0, 1}}).sweep;
  run_all();
  Answer<RemovalView> answer;
  upkeep().remove({.kind = Removal::kDelete, .sweep = {.id = sweep}, .go_ahead = true}, answer.reply());
  ASSERT_TRUE(answer.get());
  const SweepId again = submit({.name = "again", .seeds = {0, 1}}).sweep;
  settle();
  EXPECT_EQ(sweeps().results({.sweep = {.id = again}})->n, 2);
  EXPECT_EQ(rows_of("metric_points"), 18);
}

TEST_F(RemovalsTest, OthersSweepsAreLeftToTheirOwnersAndOperators) {
  Answer<SubmitView> submitted;
  sweeps().submit(TestSweep{}.text(), "", {.owner = "alice"}, submitted.reply());
  const SweepId sweep = submitted.get()->sweep;
  run_all();
  for (const Removal kind : {Removal::kArchive, Removal::kUnarchive, Removal::kDelete}) {
    for (const bool go_ahead : {false, true}) {
      const auto refused = remove(kind, sweep, go_ahead, {.name = "bob", .is_operator = false});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error(), Status(StatusCode::kPermissionDenied,
                                        "sweep 1 study belongs to alice: alice or an operator may change it, and you "
                                        "are bob"));
    }
  }
  EXPECT_TRUE(remove(Removal::kArchive, sweep, true, {.name = "alice", .is_operator = false}));
  EXPECT_TRUE(remove(Removal::kDelete, sweep, true, {.name = "carol"}));
}

TEST_F(RemovalsTest, AskedAgainItAnswersThatItIsDone) {
  const SweepId sweep = submit({}, "submission").sweep;
  run_all();
  ASSERT_TRUE(remove(Removal::kDelete, sweep, true, {}, "r"));
  settle();
  const auto again = remove(Removal::kDelete, sweep, true, {}, "r");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->sweep.id, sweep);
  Answer<SubmitView> resubmitted;
  sweeps().submit(TestSweep{}.text(), "submission", {}, resubmitted.reply());
  EXPECT_EQ(resubmitted.get().error().code(), StatusCode::kNotFound) << "what that call made is gone";
}

}  // namespace
}  // namespace oodml::coordinator::testing
