// PADS.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

TEST(PublishedSweepsTest, TheBaselinesOfPadsHaveItsSettings) {
  const auto plan = published("pads_baselines.yaml");
  EXPECT_EQ(plan.trials.size(), 12u);
  EXPECT_EQ(counts_of(plan, "miner"), (Counts{{"random", 3}, {"semihard", 3}, {"softhard", 3}, {"distance", 3}}));
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"gamma", 0.3},
                 {"batch_size", integer(112)},
                 {"embed_dim", integer(128)},
                 {"criterion", text("margin")},
                 {"criterion.margin", 0.2},
                 {"arch", text("resnet50_frozen_normalize")},
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

}  // namespace
}  // namespace oodml::sweep
