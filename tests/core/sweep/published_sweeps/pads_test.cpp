// PADS.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

TEST(PublishedSweepsTest, PadsHasItsThreeRunsAndTheFixedSamplersInTheSameSettings) {
  const auto plan = published("pads.yaml");
  EXPECT_EQ(plan.trials.size(), 15u);
  EXPECT_EQ(counts_of(plan, "sampling"),
            (Counts{{"learned", 3}, {"random", 3}, {"semihard", 3}, {"softhard", 3}, {"distance", 3}}));
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"gamma", 0.3},
                 {"batch_size", integer(112)},
                 {"embed_dim", integer(128)},
                 {"criterion", text("margin")},
                 {"criterion.margin", 0.2},
                 {"arch", text("resnet50_frozen_normalize")},
                 {"weights", text("imagenet")},
                 {"split", text("default")},
                 {"recipe", text("pads")}});
  struct Row {
    const char* benchmark;
    std::int64_t seed, epochs, tau, per_class;
    double beta, beta_lr;
  };
  for (const Row& row : {Row{"CUB", 3, 300, 150, 2, 0.6, 1e-3}, Row{"CARS", 0, 300, 140, 4, 0.6, 5e-4},
                         Row{"SOP", 0, 120, 80, 2, 1.2, 1e-3}}) {
    expect_values(plan, {{"benchmark", row.benchmark}},
                  {{"seed", integer(row.seed)},
                   {"epochs", integer(row.epochs)},
                   {"tau", Integers{row.tau}},
                   {"samples_per_class", integer(row.per_class)},
                   {"criterion.beta", row.beta},
                   {"criterion.beta_lr", row.beta_lr}});
  }
}

TEST(PublishedSweepsTest, TheLearnedSamplingOfPadsHasItsSettings) {
  const auto plan = published("pads.yaml");
  expect_values(plan, {{"sampling", "learned"}},
                {{"sampler", text("pads")},
                 {"miner", text("none")},
                 {"sampler.mode", text("ppo")},
                 {"sampler.dont_use_a2c", false},
                 {"sampler.metric_history", integer(20)},
                 {"sampler.action_values", Numbers{0.8, 1.0, 1.25}},
                 {"sampler.old_update_iter", integer(5)},
                 {"sampler.init_distr", text("uniform_low")},
                 {"sampler.n_support", integer(30)},
                 {"sampler.support_limit", Numbers{0.1, 1.4}},
                 {"sampler.lr", 0.01},
                 {"sampler.size", Integers{128, 128}},
                 {"sampler.state_metrics", std::vector<std::string>{"recall", "dists", "nmi"}},
                 {"sampler.run_avgs", Integers{2, 8, 16, 32}},
                 {"sampler.no_self_reg", false}});
  struct Row {
    const char *benchmark, *validation;
    double fraction;
    std::int64_t every, reward;
    Integers ks;
  };
  for (const Row& row :
       {Row{"CUB", "samples", 0.15, 30, 1, {1, 2, 4, 8}}, Row{"CARS", "samples", 0.1, 30, 2, {1, 2, 4, 8}},
        Row{"SOP", "last_classes", 0.1, 60, 2, {1, 10, 100, 1000}}}) {
    expect_values(plan, {{"benchmark", row.benchmark}, {"sampling", "learned"}},
                  {{"validation", text(row.validation)},
                   {"validation_fraction", row.fraction},
                   {"sampler.sample_freq", integer(row.every)},
                   {"sampler.reward_type", integer(row.reward)},
                   {"sampler.k_vals", row.ks}});
  }
}

TEST(PublishedSweepsTest, TheFixedSamplersOfPadsTrainOnAllImages) {
  const auto plan = published("pads.yaml");
  for (const char* miner : {"random", "semihard", "softhard", "distance"}) {
    expect_values(plan, {{"sampling", miner}},
                  {{"miner", text(miner)},
                   {"validation", text("none")},
                   {"sampler", text("class_random")},
                   {"sampler.exclude_last", integer(2)}});
  }
}

}  // namespace
}  // namespace oodml::sweep
