#include "coordinator/cli/report/select.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {
namespace {

Run studied() {
  Run run = run_of("cub200", "Margin", 0);
  with(run, "test:e_recall@1", {0.3, 0.5, 0.5, 0.4});
  with(run, "test:nmi", {0.7, std::nan(""), 0.6, 0.2});
  with(run, "train:dists@intra", {0.1, 0.2, 0.3, 0.4});
  with(run, "train:e_recall@1", {0.1, 0.1, 0.9, 0.1});
  with(run, "val:e_recall@1", {0.1, 0.2, 0.3, 0.9});
  with_final(run, "test:fid", 52.6, 0);
  return run;
}

TEST(ChosenTest, EachFigureHasItsOwnBestEpochTheFirstThatReachesIt) {
  const Run run = studied();
  EXPECT_EQ(chosen(run, "test:e_recall@1", Choice::kOwnBest)->epoch, 2);
  EXPECT_EQ(chosen(run, "test:nmi", Choice::kOwnBest)->value, 0.7);
  EXPECT_EQ(chosen(run, "train:dists@intra", Choice::kOwnBest)->value, 0.3) << "at the best recall of its set";
}

TEST(ChosenTest, OtherRulesReadAllFiguresAtOneEpoch) {
  const Run run = studied();
  EXPECT_FALSE(chosen(run, "test:nmi", Choice::kAtBestRecall)) << "NaN there";
  EXPECT_EQ(chosen(run, "train:dists@intra", Choice::kAtBestRecall)->value, 0.2);
  EXPECT_EQ(chosen(run, "test:nmi", Choice::kLast)->value, 0.2);
  EXPECT_EQ(chosen(run, "test:e_recall@1", Choice::kSelected)->value, 0.4);
  Run without = studied();
  without.courses.erase("val:e_recall@1");
  EXPECT_FALSE(chosen(without, "test:e_recall@1", Choice::kSelected));
}

TEST(ChosenTest, WhatWasMeasuredOnceIsNoChoice) {
  for (const Choice choice : {Choice::kOwnBest, Choice::kAtBestRecall, Choice::kLast, Choice::kSelected})
    EXPECT_EQ(chosen(studied(), "test:fid", choice)->value, 52.6);
}

TEST(ChosenTest, OtherEmbeddingsHaveRecallsOfTheirOwn) {
  Run run = run_of("cub200", "DiVA", 0);
  with(run, "test:e_recall@1/Combined", {0.2, 0.6, 0.3});
  with(run, "test:nmi/Combined", {0.9, 0.1, 0.2});
  EXPECT_EQ(chosen(run, "test:nmi/Combined", Choice::kOwnBest)->value, 0.9);
  EXPECT_EQ(chosen(run, "test:nmi/Combined", Choice::kAtBestRecall)->value, 0.1);
}

TEST(ChosenTest, TheUntrainedEpochIsNoneOfARunThatTrained) {
  Run run = run_of("cub200", "Margin", 0);
  run.courses["test:e_recall@1"] = {.epochs = {0, 1, 2}, .values = {0.9, 0.3, 0.4}};
  EXPECT_EQ(chosen(run, "test:e_recall@1", Choice::kOwnBest)->epoch, 2);
}

TEST(ValueAtTest, IsOfExactlyThatEpoch) {
  EXPECT_EQ(value_at(studied(), "test:e_recall@1", 4), 0.4);
  EXPECT_FALSE(value_at(studied(), "test:e_recall@1", 5));
  EXPECT_FALSE(value_at(studied(), "test:nmi", 2));
  EXPECT_FALSE(value_at(studied(), "test:f1", 1));
}

TEST(GroupedTest, CountsRunsThatAreExpectedAndKeepsThoseThatSucceeded) {
  std::vector<Run> runs = {studied(), studied(), studied(), run_of("cub200", "S2SD", 0)};
  runs[1].state = "failed";
  runs[2].courses = {{"test:e_recall@1", {.epochs = {1}, .values = {0.5}}}};
  const std::vector<Group> groups = grouped(runs, 2, [](const Run& run) { return run.method; });
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].name, "Margin");
  EXPECT_EQ(groups[0].expected, 3u);
  ASSERT_EQ(groups[0].runs.size(), 1u) << "one failed, one is too short";
  EXPECT_EQ(groups[0].runs[0], &runs[0]);
  EXPECT_TRUE(groups[1].runs.empty());
}

TEST(MissingTest, NamesStatesAndRunsThatAreTooShort) {
  std::vector<Run> runs = {studied(), studied(), studied(), studied()};
  runs[1].state = "failed";
  runs[2].state = "running";
  runs[3].courses.erase("test:e_recall@1");
  const std::vector<std::string> missing = missing_of(runs, 5);
  ASSERT_EQ(missing.size(), 2u);
  EXPECT_EQ(missing[0], "2 of 4 runs have no result yet, and are in no figure: 1 failed, 1 running");
  EXPECT_EQ(missing[1], "2 of 4 runs left out: fewer than 5 epochs were measured (--min-epochs)");
  EXPECT_TRUE(missing_of({studied()}, 0).empty());
}

TEST(MinEpochsTest, TheKindsOwnHoldsUnlessItLeavesNothing) {
  const std::vector<Run> runs = {studied()};
  EXPECT_EQ(min_epochs_of(runs, std::nullopt, 4), 4);
  EXPECT_EQ(min_epochs_of(runs, std::nullopt, 41), 0);
  EXPECT_EQ(min_epochs_of(runs, 41, 0), 41) << "what people say holds";
}

}  // namespace
}  // namespace oodml::cli::report
