// The keys few_shot.*: what they stand for, and what they demand of others.
#include <gtest/gtest.h>

#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

/// A sweep of one trial with these lines below `trial:`.
std::string with(const std::string& lines) {
  return sweep_of("trial:\n  benchmark: cub200\n  split: 1\n" + lines + "matrix: {seed: [0]}\n");
}

Params values_of(const std::string& lines) { return planned(with(lines)).trials.at(0).spec.values; }

const std::string kMargin = "  criterion: {name: margin, beta: 0.7, margin: 0.3}\n  miner: distance\n";
const std::string kSplit = "  validation: split\n";

TEST(FewShotKeysTest, DefaultsAreWrittenOut) {
  const Params values = values_of(kMargin + kSplit + "  few_shot: {shots: 2}\n");
  EXPECT_EQ(values.text("few_shot.miner"), "distance");
  EXPECT_EQ(values.number("few_shot.beta"), 0.7);
  EXPECT_EQ(values.text("few_shot.embeddings"), "embeds");
  EXPECT_EQ(values.texts("evaluate.sets"), (std::vector<std::string>{"val"}));
  EXPECT_EQ(values.integer("few_shot.episodes"), 10);
}

TEST(FewShotKeysTest, BetaIsThatOfTheTrainingCriterionWhereItHasOne) {
  const auto beta = [](const std::string& criterion, const std::string& more = "") {
    return values_of("  criterion: " + criterion + kSplit + "  few_shot: {shots: 2" + more + "}\n")
        .number("few_shot.beta");
  };
  EXPECT_EQ(beta("{name: s2sd, source: margin, target: margin, margin_beta: 0.6}\n  miner: distance\n"), 0.6);
  EXPECT_EQ(beta("multisimilarity\n"), 1.2);
  EXPECT_EQ(beta("{name: margin, beta: 0.7}\n  miner: distance\n", ", beta: 0.9"), 0.9);
}

TEST(FewShotKeysTest, EachCriterionHasItsMiner) {
  const auto miner = [](const std::string& few_shot) {
    return values_of(kMargin + kSplit + "  few_shot: {shots: 2, " + few_shot + "}\n").text("few_shot.miner");
  };
  EXPECT_EQ(miner("criterion: triplet"), "random");
  EXPECT_EQ(miner("criterion: multisimilarity"), "none");
  EXPECT_EQ(miner("criterion: margin, miner: semihard"), "semihard");
  expect_error(with(kMargin + kSplit + "  few_shot: {shots: 2, criterion: multisimilarity, miner: distance}\n"),
               "sweep.yaml:9:59: few_shot: criterion multisimilarity takes no miner");
  expect_error(with(kMargin + kSplit + "  few_shot: {shots: 2, miner: distanc}\n"),
               "unknown miner 'distanc'; did you mean 'distance'?");
  expect_error(with(kMargin + kSplit + "  few_shot: {shots: 2, criterion: arcface}\n"),
               "few_shot.criterion must be one of margin, multisimilarity, triplet, got 'arcface'");
}

TEST(FewShotKeysTest, AnEpochIsSelectedOnValidationOrTheLastIsTaken) {
  expect_error(with(kMargin + "  few_shot: {shots: 2}\n"),
               "sweep.yaml:8:21: few_shot.shots selects an epoch on validation, but validation is none: write "
               "validation: split");
  expect_error(with(kMargin + kSplit + "  evaluate: {sets: [test]}\n  few_shot: {shots: 2}\n"),
               "add val to evaluate.sets, or write few_shot.select: last");
  expect_error(with(kMargin + kSplit + "  evaluate: {metrics: [e_recall@1]}\n  few_shot: {shots: 2}\n"),
               "add mAP_1000 to evaluate.metrics, or write few_shot.recall_only: true");
  expect_error(with(kMargin + kSplit + "  evaluate: {metrics: [nmi]}\n  few_shot: {shots: 2, recall_only: true}\n"),
               "add e_recall@1 to evaluate.metrics, or write few_shot.select: last");
  EXPECT_EQ(values_of(kMargin + "  few_shot: {shots: 2, select: last}\n").texts("evaluate.sets"),
            (std::vector<std::string>{"test"}));
}

TEST(FewShotKeysTest, EpisodesStandInSplitFiles) {
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: multisimilarity, validation: classes}\n"
                        "matrix: {few_shot.shots: [2]}\n"),
               "few_shot.shots needs a split id, whose file has episodes: write split: 1");
}

TEST(FewShotKeysTest, OtherKeysNeedTheShots) {
  expect_error(with(kMargin + "  few_shot: {steps: 100}\n"),
               "few_shot.steps is read with few_shot.shots only, which is 0 (off); write few_shot.shots: 2");
  EXPECT_EQ(errors_of(with(kMargin + "  few_shot: {shots: 0, steps: 100}\n")), "accepted");
}

TEST(FewShotKeysTest, TheEmbeddingsAreEvaluatedOnes) {
  expect_error(with(kMargin + kSplit + "  few_shot: {shots: 2, embeddings: embed}\n"),
               "few_shot.embeddings 'embed' is not evaluated; evaluate.embeddings has embeds; did you mean 'embeds'?");
  expect_error(with("  arch: resnet50\n  criterion: triplet\n  miner: random\n" + kSplit + "  few_shot: {shots: 2}\n"),
               "few_shot.criterion margin expects embeddings of unit length: write arch: resnet50_normalize");
}

}  // namespace
}  // namespace oodml::sweep
