#include <gtest/gtest.h>

#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

std::string cells(const job::SweepPlan& plan) {
  std::string text;
  for (const auto& trial : plan.trials) {
    text += text.empty() ? "" : " ";
    bool first = true;
    for (const auto& [axis, label] : trial.labels) text += (std::exchange(first, false) ? "" : "/") + label;
  }
  return text;
}

TEST(GuardTest, AValueStandsOnlyWhereItsConditionsHold) {
  const auto plan =
      planned(sweep_of("trial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200, cars196]\n"
                       "  lr: [1, {value: 2, when: {benchmark: cub200}}]\n"));
  EXPECT_EQ(cells(plan), "cub200/1 cub200/2 cars196/1");
}

TEST(GuardTest, RowsComponentsAndRangesHaveThemToo) {
  const auto plan =
      planned(sweep_of("trial: {miner: distance}\nmatrix:\n  benchmark: [cub200, cars196]\n  criterion:\n"
                       "    - arcface\n"
                       "    - own: {criterion: arcface, epochs: 7, when: {benchmark: cars196}}\n"
                       "    - {name: margin, beta: 1, when: {benchmark: cub200, lr: [1, 2]}}\n"
                       "  lr: [1, {from: 2, to: 3, step: 1, when: {benchmark: cub200}}]\n"));
  EXPECT_EQ(cells(plan),
            "cub200/arcface/1 cub200/arcface/2 cub200/arcface/3 cub200/margin(beta=1)/1 cub200/margin(beta=1)/2 "
            "cars196/arcface/1 cars196/own/1");
  EXPECT_EQ(trial_at(plan, {{"criterion", "own"}}).spec.values.integer("epochs"), 7);
}

TEST(GuardTest, ConditionsSeeWhatForSetsAsThoseOfExcludeDo) {
  const auto plan =
      planned(sweep_of("trial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200, cars196]\n"
                       "  split: [1, {value: 2..3, when: {epochs: 5}}]\nfor:\n  - {benchmark: cars196, epochs: 5}\n"));
  EXPECT_EQ(cells(plan), "cub200/1 cars196/1 cars196/2 cars196/3");
}

TEST(GuardTest, SplitAllMayStandForOneBenchmarkAlone) {
  const auto plan =
      planned(sweep_of("trial: {criterion: oproxy}\nmatrix:\n"
                       "  benchmark: [{value: fashion_mnist, when: {split: [1, 2, 3]}}, cub200]\n"
                       "  split: [default, {value: all, when: {benchmark: fashion_mnist}}]\n"));
  EXPECT_EQ(cells(plan), "fashion_mnist/1 fashion_mnist/2 fashion_mnist/3 cub200/default");
}

TEST(GuardTest, WhatIsWrongIsToldWithItsPlace) {
  const auto refuses = [](const std::string& lr, const std::string& part) {
    expect_error(sweep_of("trial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200]\n  lr: " + lr + "\n"), part);
  };
  refuses("[{value: 2, when: {benchmark: cub20}}]",
          "sweep.yaml:6:37: unknown entry of axis benchmark 'cub20'; did you mean 'cub200'?");
  refuses("[{value: 2, when: cub200}]", "sweep.yaml:6:25: `when:` must be a map of conditions, got 'cub200'");
  refuses("[{value: 2, when: {}}]", "`when:` has no condition, as in when: {benchmark: cub200}");
  refuses("[{value: 2, when: {benchmrk: cub200}}]", "unknown key 'benchmrk'; did you mean 'benchmark'?");
  refuses("[{value: 2, wehn: {benchmark: cub200}}]", "unknown key beside `value:` 'wehn'; did you mean 'when'?");
  refuses("[{value: {value: 2, when: {benchmark: cub200}}, when: {benchmark: cub200}}]", "has a `when:` of its own");
  refuses("[{a: {lr: 2, when: {benchmark: cub200}}, when: {benchmark: cub200}}]", "the row has a `when:` already");
  refuses("[{value: x, when: {benchmark: cub200}}]", "sweep.yaml:6:16: lr must be a number");
  refuses("[{vlaue: 2, when: {benchmark: cub200}}]", "or {value: ..., when: {conditions}}, got a map");
  refuses("[{value: 2, when: {epochs: 7}}]", "no trial is left: `exclude:` and `when:` leave out all of them");
}

TEST(OverlapTest, EqualCellsOfTwoBlocksAreOneTrialAndOthersAreRefused) {
  const std::string head =
      "trial: {criterion: oproxy, benchmark: cub200}\nblocks:\n  - matrix: {lr: [1, 2], seed: [0]}\n";
  EXPECT_EQ(cells(planned(sweep_of(head + "  - matrix: {lr: [2, 3], seed: [0]}\n"))), "1/0 2/0 3/0");
  expect_error(sweep_of(head + "  - {trial: {epochs: 3, gamma: 0.5}, matrix: {lr: [2], seed: [0]}}\n"),
               "sweep.yaml:6:38: two blocks have a trial 'lr 2, seed 0', and they differ in epochs (150 and 3), gamma");
  // What changes no number is taken from the first of them.
  const auto kept = planned(sweep_of(head + "  - {trial: {keep_best: [nmi]}, matrix: {lr: [2], seed: [0]}}\n"));
  ASSERT_EQ(kept.trials.size(), 2u);
  EXPECT_TRUE(kept.trials[1].spec.values.texts("keep_best").empty());
}

TEST(OverlapTest, OneTrialUnderTwoLabelsStaysUnderBoth) {
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200}\nblocks:\n  - matrix: {criterion: [arcface]}\n"
                       "  - matrix: {criterion: [a: {criterion: arcface}]}\n"));
  ASSERT_EQ(plan.trials.size(), 2u);
  EXPECT_EQ(plan.trials[0].fingerprint, plan.trials[1].fingerprint);
}

}  // namespace
}  // namespace oodml::sweep
