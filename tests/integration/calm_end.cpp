#include "tests/integration/calm_end.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace oodml::testing {

std::map<std::int64_t, std::vector<std::string>> expect_calm_end(Cluster& cluster, int seeds) {
  if (!cluster.all_succeed()) return {};
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(seeds)));
  cluster.stop();
  const auto ends = outcomes(cluster.database());
  EXPECT_EQ(ends.size(), static_cast<std::size_t>(seeds));
  for (const auto& [trial, attempts] : ends) {
    EXPECT_EQ(std::count(attempts.begin(), attempts.end(), "succeeded"), 1) << "trial " << trial;
    EXPECT_EQ(std::count(attempts.begin(), attempts.end(), ""), 0) << "trial " << trial << " has an open attempt";
    EXPECT_EQ(attempts.back(), "succeeded") << "trial " << trial;
  }
  return ends;
}

}  // namespace oodml::testing
