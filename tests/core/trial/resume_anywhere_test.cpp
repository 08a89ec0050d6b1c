// Whatever a method keeps beside the network: a run that is stopped anywhere and resumed gives the bits of a calm one.
#include <gtest/gtest.h>

#include "core/sweep/sweep.h"
#include "tests/core/trial/few_shot_files.h"
#include "tests/core/trial/in_process.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

struct Variant {
  std::string name;
  std::vector<std::pair<std::string, std::string>> settings;
  bool selects = false;  ///< A few-shot trial, whose training keeps the network that validation selects.
};

const std::vector<Variant>& variants() {
  static const std::vector<Variant> list = {
      {"BestEpochsOfTwoSets",
       {{"keep_best", "[e_recall@1]"},
        {"validation", "classes"},
        {"evaluate", "{sets: [test, val], metrics: [e_recall@1, mAP_c], batch_size: 32}"}}},
      {"SelectedNetwork", {{"lr", "0.02"}}, /*selects=*/true},
      {"SgdWithAccumulatedGradients", {{"optimizer", "sgd"}, {"accumulate", "3"}, {"log.gradients", "true"}}},
      {"AccumulatedKeys", {{"criterion", "{name: moco, n_key_batches: 2}"}, {"miner", "none"}, {"accumulate", "2"}}},
      {"BfloatWithGrey", {{"precision", "bfloat16"}, {"augmentation", "adv"}, {"sampler", "random"}}},
      {"BigCrops", {{"augmentation", "big"}, {"sampler", "{name: d2_coreset, bigbs: 20}"}}},
      {"PlainCrops", {{"augmentation", "red"}, {"sampler", "{name: disthist_batchmatch, bigbs: 16, ncomps: 3}"}}},
      {"HalfPrecision", {{"precision", "float16"}, {"not_finite", "skip"}, {"channels_last", "true"}}},
      {"UniformityPrior",
       {{"uniformity_prior", "{weight: 0.2, chunksize: 32, latent: 8, iter: 3, tau: [1]}"}, {"warmup", "1"}}},
      {"SeveralHeads", {{"arch", "multifeature_small_conv_normalize"}, {"fc_lr", "0.01"}}},
      {"GreedyCoreset", {{"sampler", "{name: greedy_coreset, bigbs: 20}"}}},
      {"FidBatchmatch", {{"sampler", "{name: fid_batchmatch, bigbs: 16, ncomps: 3}"}}},
      {"ClassCoresetAndPushes",
       {{"sampler", "{name: greedy_class_coreset, bigbs: 4}"}, {"miner", "{name: rho_distance, cp: 0.4}"}}},
      {"Infobatch", {{"sampler", "{name: presampled_infobatch, bigbs: 20}"}}},
      {"SemiClassCoreset", {{"sampler", "{name: greedy_semi_class_coreset, primary_subset_perc: 0.5}"}}},
      {"MomentumKeys", {{"criterion", "{name: moco, n_key_batches: 2}"}, {"miner", "none"}}},
      {"Rotations", {{"criterion", "imrot"}, {"miner", "none"}}},
      {"Diva",
       {{"criterion", "{name: diva, n_key_batches: 2, decorrnet_dim: 8}"},
        {"arch", "multifeature_small_conv_normalize"}}},
      {"DelayedDistillation",
       {{"criterion", "{name: s2sd, target_dims: [12], feat_distill: true, feat_distill_delay: 3}"},
        {"miner", "none"}}},
      {"Pads",
       {{"validation", "samples"},
        {"validation_fraction", "0.25"},
        {"sampler",
         "{name: pads, n_support: 8, sample_freq: 2, metric_history: 2, run_avgs: [2], size: [8], "
         "sup_metric_collect: 1, include_train_metrics: true}"},
        {"miner", "none"}}},
      {"PadsOfThePaper",
       {{"validation", "samples"},
        {"validation_fraction", "0.25"},
        {"compat", "paper"},
        {"sampler",
         "{name: pads, n_support: 8, sample_freq: 1, metric_history: 2, run_avgs: [2], size: [8], "
         "mode: reinforce, dont_use_a2c: true, scramble_freq: 1}"},
        {"evaluate", "{sets: [val], metrics: [e_recall@1, mAP_c], batch_size: 32}"},
        {"miner", "none"}}},
      {"FlowWithNoise",
       {{"criterion", "{name: nir, noise: 0.1, nf_cblocks: 2, nf_fc_depth: 2, nf_fc_width: 8}"},
        {"miner", "none"},
        {"warmup", "1"}}},
  };
  return list;
}

class ResumeAnywhereTest : public ::testing::TestWithParam<Variant> {
 protected:
  ResumeAnywhereTest() {
    trial_.set("epochs", "2");
    trial_.set("steps_per_epoch", "4");
    trial_.set("checkpoint_every", "2");  // beside those of the stops one is enough, and each waits for the disk
    trial_.set("evaluate", "{sets: [test], metrics: [e_recall@1, mAP_c], batch_size: 32}");
    if (GetParam().selects) make_few_shot(trial_);
    for (const auto& [key, value] : GetParam().settings) trial_.set(key, value);
  }
  job::TrialSpec spec() const {
    auto read = sweep::parse_trial_file(trial_.text(), "trial.yaml");
    if (!read) throw std::runtime_error(read.error().message());
    return *read;
  }
  InProcessRun run(const std::string& name, std::int64_t stop_at = kNever) const {
    auto run = run_in_process(spec(), trial_.places(), trial_.run_dir(name), stop_at);
    if (!run) throw std::runtime_error(run.error().message());
    return *run;
  }

  TinyTrial trial_;
};

TEST_P(ResumeAnywhereTest, StoppedAtAnyQuestionAndResumedGivesTheSameBits) {
  const InProcessRun calm = run("calm");
  ASSERT_EQ(calm.ending.kind, train::Ending::Kind::kDone);
  const FinalState expected = final_state(calm, trial_.run_dir("calm"));
  ASSERT_FALSE(expected.tensors.empty());
  for (std::int64_t stop_at = 1; stop_at <= calm.asked; ++stop_at) {
    SCOPED_TRACE(stop_at);
    const std::string name = "stopped" + std::to_string(stop_at);
    ASSERT_EQ(run(name, stop_at).ending.kind, train::Ending::Kind::kStopped);
    const InProcessRun resumed = run(name);
    ASSERT_EQ(resumed.ending.kind, train::Ending::Kind::kDone);
    ASSERT_EQ(final_state(resumed, trial_.run_dir(name)), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, ResumeAnywhereTest, ::testing::ValuesIn(variants()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace oodml::testing
