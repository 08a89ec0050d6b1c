// Damaged sweeps and trial files: an answer or an error that a terminal can show, never a crash.
#include <gtest/gtest.h>

#include "core/base/utf8.h"
#include "core/sweep/sweep.h"
#include "tests/support/mutator.h"

namespace oodml::sweep {
namespace {

const std::vector<std::string> kPieces = {":",
                                          "- ",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          "\n",
                                          "  ",
                                          "for",
                                          "when",
                                          "all",
                                          "..",
                                          "name",
                                          "\"",
                                          "null",
                                          "#",
                                          "&a ",
                                          "*a",
                                          "|\n",
                                          "? ",
                                          "!!binary ",
                                          "%",
                                          "<<: ",
                                          "{x}",
                                          "\xc3",
                                          "benchmark",
                                          "split",
                                          "seed",
                                          "count: 9",
                                          "group:",
                                          "zip:\n",
                                          "blocks:\n",
                                          "criterion",
                                          "\xc2\xa0",
                                          "\xe2\x80\x9c",
                                          "\xe2\x80\xae",
                                          "\xef\xbc\x9a",
                                          "\t",
                                          "\r",
                                          "010",
                                          "1_000",
                                          "5,5",
                                          "50%",
                                          "True",
                                          "lr:1",
                                          "from: 1",
                                          "to: 9",
                                          "step: 1e-300",
                                          "scale: log",
                                          "value: ",
                                          "{file: x}",
                                          "1e300"};

/// A sweep that uses the whole language, one in blocks, and settings that lie deep.
testing::Corpus sweeps() {
  return {{"version: 1\nname: t\ndescription: \"x\"\n"
           "trial: {arch: resnet18_normalize, evaluate: {sets: [test]}, tau: [10],\n"
           "        group: \"{benchmark}_{criterion}\"}\n"
           "matrix:\n  benchmark: [{cub200: {epochs: 2}}, cars196]\n  split: [default, 1..2]\n  criterion:\n"
           "    - arcface\n    - m: {criterion: {name: margin, beta: 0.6}, miner: distance,\n"
           "         for: [{benchmark: cars196, epochs: 1}]}\n"
           "    - {name: oproxy, mode: nca}\n  seed: {count: 2}\nexclude:\n  - {split: 1, criterion: m}\n"
           "zip: {lr: [1, 2], gamma: [0.1, 0.2]}\n",
           "version: 1\nname: u\ntrial: {criterion: oproxy}\nblocks:\n  - matrix: {benchmark: [cub200], split: all}\n"
           "  - trial: {epochs: 9}\n    matrix:\n      benchmark: cars196\n      lr: [0.1, 1e-5]\n"
           "    for:\n      - {lr: 0.1, when: {epochs: 9}, uniformity_prior: {weight: 0.5}}\n",
           "version: 1\nname: v\ntrial: {criterion: oproxy}\nmatrix:\n  benchmark: [cub200, cars196]\n"
           "  lr: [{from: 1e-5, to: 1e-3, count: 5, scale: log}, {value: 3, when: {benchmark: cars196}}]\n"
           "  gamma: {from: 0.1, to: 0.9, step: 0.2}\n  epochs: [{from: 1, to: 9, count: 3, when: {lr: 3}}, 4]\n"},
          kPieces};
}

TEST(SweepFuzzTest, DamagedSweepsArePlannedOrRefused) {
  Limits limits;
  limits.max_trials = 2000;  // a plan of 100 000 trials is right, and slow
  testing::fuzz(sweeps(), [&](const std::string& yaml, std::uint64_t number) {
    const auto plan = plan_sweep(yaml, {.limits = limits});
    if (plan) {
      ASSERT_FALSE(plan->trials.empty());
      return;
    }
    ASSERT_GE(number, 3u) << plan.error().message();
    ASSERT_FALSE(plan.error().message().empty());
    ASSERT_FALSE(first_invalid_utf8(plan.error().message())) << plan.error().message();
  });
}

TEST(TrialFileFuzzTest, WhatIsReadOfADamagedTrialFileIsWrittenAndReadAgainAsTheSame) {
  const testing::Corpus corpus = {
      {trial_file_text(*parse_trial_file("benchmark: cub200\ncriterion: {name: margin}\nminer: distance\n", "a")),
       "benchmark: online_products\ncriterion: {name: s2sd, source: margin, target: margin}\nminer: rho_distance\n"
       "evaluate: {sets: [test, train]}\ntau: [3, 5]\nseed: 4\n",
       "benchmark: cub200\nprogram: reference\nparams: {lr: 0.1, a.b: [x, '1'], c: {d: true, e: 1e3}}\nepochs: 2\n"},
      kPieces};
  testing::fuzz(corpus, [&](const std::string& yaml, std::uint64_t number) {
    const auto spec = parse_trial_file(yaml, "trial.yaml");
    if (!spec) {
      ASSERT_GE(number, 3u) << spec.error().message();
      ASSERT_FALSE(first_invalid_utf8(spec.error().message())) << spec.error().message();
      return;
    }
    const auto again = parse_trial_file(trial_file_text(*spec), "again.yaml");
    ASSERT_TRUE(again) << again.error().message();
    ASSERT_EQ(*again, *spec);
  });
}

}  // namespace
}  // namespace oodml::sweep
