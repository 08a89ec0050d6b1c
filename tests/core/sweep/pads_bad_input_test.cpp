// What people get wrong about the sampler pads.
#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

/// A trial of pads with further settings.
std::string pads(const std::string& sampler, const std::string& more = "validation: samples, ") {
  return sweep_of("trial: {benchmark: cub200, criterion: margin, " + more + "sampler: {name: pads, " + sampler +
                  "}}\n");
}

TEST(PadsBadInputTest, ATrialOfItIsAcceptedWithoutAMiner) {
  EXPECT_EQ(errors_of(pads("sample_freq: 20")), "accepted");
  EXPECT_EQ(errors_of(pads("k_vals: [1, 10]", "validation: last_classes, miner: none, ")), "accepted");
}

TEST(PadsBadInputTest, WithoutValidationItSaysWhatToWrite) {
  expect_error(pads("sample_freq: 20", ""),
               "sampler pads looks at images that are kept from training: write validation: samples");
}

TEST(PadsBadInputTest, AMinerBesideItAndCriteriaWithoutTripletsAreRefused) {
  expect_error(pads("sample_freq: 20", "validation: samples, miner: distance, "),
               "sampler pads mines its triplets itself, but miner is distance; leave it out");
  const std::string begin = "trial: {benchmark: cub200, validation: samples, sampler: pads, criterion: ";
  expect_error(sweep_of(begin + "multisimilarity}\n"),
               "sampler pads draws triplets, which criterion multisimilarity does not take; accepted: triplet");
  expect_error(sweep_of(begin + "npair, arch: resnet50_frozen}\n"), "which criterion npair does not take");
  expect_error(sweep_of(begin + "s2sd}\n"), "which criterion s2sd does not take");
}

TEST(PadsBadInputTest, AsAMinerItIsSaidToBeASampler) {
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: margin, miner: pads}\n"),
               "unknown miner 'pads': pads is a sampler, written sampler: pads");
}

TEST(PadsBadInputTest, AMinerThatATrialSharesIsLeftOutWhereTheSamplerMines) {
  const auto plan =
      plan_sweep(sweep_of("trial: {benchmark: cub200, criterion: margin, miner: distance, validation: samples}\n"
                          "matrix:\n  sampler: [class_random, pads]\n"),
                 {});
  ASSERT_TRUE(plan.has_value()) << plan.error().message();
  ASSERT_EQ(plan->trials.size(), 2U);
  EXPECT_EQ(plan->trials[0].spec.values.text("miner"), "distance");
  EXPECT_EQ(plan->trials[1].spec.values.text("miner"), "none");
}

TEST(PadsBadInputTest, ParametersThatDoNotFitAreNamed) {
  expect_error(pads("support_limit: [1.4, 0.1]"), "sampler.support_limit must be two numbers, the smaller first");
  expect_error(pads("n_support: 2"), "sampler.n_support must be from 3 to 1000");
  expect_error(pads("action_values: [1]"), "action_values must have two factors or more");
  expect_error(pads("action_values: [0, 1]"), "sampler.action_values");
  expect_error(pads("size: []"), "size is empty");
  expect_error(pads("k_vals: []"), "k_vals is empty");
  expect_error(pads("state_metrics: []"), "state_metrics is empty; name one or more of recall, nmi, dists, svd");
  expect_error(pads("state_metrics: [recal]"), "state_metrics names 'recal'; known: recall, nmi, dists, svd");
  expect_error(pads("state_metrics: [nmi, nmi]"), "state_metrics names 'nmi' twice");
  expect_error(pads("sample_freq: 3, sup_metric_collect: 3"), "sup_metric_collect must be less than sample_freq (3)");
  expect_error(pads("init_distr: uniform"), "sampler.init_distr");
  expect_error(pads("reward_type: 3"), "sampler.reward_type must be from 0 to 2");
}

TEST(PadsBadInputTest, FlagsOfItsProgramAreTranslated) {
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: margin, sampler: pads, validation: samples, "
                        "policy_sample_freq: 20}\n"),
               "sampler.sample_freq");
  expect_error(sweep_of("trial: {benchmark: cub200, criterion: margin, train_val_split: 0.85}\n"),
               "validation_fraction");
}

}  // namespace
}  // namespace oodml::sweep
