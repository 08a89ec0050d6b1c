#include <gtest/gtest.h>

#include "tests/core/sweep/bad_sweeps.h"
#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

constexpr const char* kRest = "matrix: {benchmark: [cub200], criterion: [arcface], seed: [1]}\n";

TEST(LimitsTest, ASweepSaysHowManyTrialsRunAtOnceAndFail) {
  const auto plan = planned(sweep_of(std::string("max_parallel: 4\nmax_failures: 3\n") + kRest));
  EXPECT_EQ(plan.max_parallel, 4);
  EXPECT_EQ(plan.max_failures, 3);
  const auto silent = planned(sweep_of(kRest));
  EXPECT_EQ(silent.max_parallel, 0) << "no limit";
  EXPECT_EQ(silent.max_failures, 0);
  EXPECT_EQ(plan.trials[0].fingerprint, silent.trials[0].fingerprint) << "results do not depend on them";
}

TEST(LimitsTest, ALimitThatIsNoneIsRefused) {
  for (const char* wrong : {"0", "-1", "many", "1000001", "[1]", "1.5"}) {
    const std::string text = errors_of(sweep_of(std::string("max_parallel: ") + wrong + "\n" + kRest));
    EXPECT_NE(text.find("sweep.yaml:3:15: max_parallel must be an integer, from 1 to 1000000, got "), text.npos)
        << text;
  }
}

}  // namespace
}  // namespace oodml::sweep
