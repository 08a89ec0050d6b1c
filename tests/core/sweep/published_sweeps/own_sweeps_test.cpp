// Sweeps that are no study.
#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

TEST(PublishedSweepsTest, TheSmokeSweepHasThreeSplitsThreeCriteriaAnUntrainedRowAndTwoSeeds) {
  const auto plan = published("smoke.yaml");
  EXPECT_GE(counts_of(plan, "split").size(), 3u);
  EXPECT_GE(counts_of(plan, "criterion").size(), 4u);
  EXPECT_GE(counts_of(plan, "seed").size(), 2u);
  expect_values(plan, {{"criterion", "untrained"}}, {{"epochs", integer(0)}});
}

TEST(PublishedSweepsTest, EveryPairingIsPlannedWithoutAMistake) {
  EXPECT_GE(published("every_pairing.yaml").trials.size(), 100u);
}

}  // namespace
}  // namespace oodml::sweep
