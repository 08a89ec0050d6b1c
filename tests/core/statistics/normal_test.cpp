#include "core/statistics/normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace oodml::statistics {
namespace {

TEST(NormalTest, IsThatOfSciPy) {
  const std::vector<std::pair<double, double>> quantiles = {
      {1e-10, -6.361340902404056},  {0.001, -3.090232306167813}, {0.0242, -1.9738394633131995},
      {0.025, -1.9599639845400545}, {0.3, -0.5244005127080409},  {0.5, 0.0},
      {0.975, 1.959963984540054},   {0.99999, 4.264890793923841}};
  for (const auto& [p, z] : quantiles) EXPECT_NEAR(normal_quantile(p), z, 1e-11) << p;
  EXPECT_NEAR(normal_cdf(-3.0), 0.0013498980316300933, 1e-17);
  EXPECT_NEAR(normal_cdf(1.5), 0.9331927987311419, 1e-15);
  EXPECT_EQ(normal_quantile(0.0), -INFINITY);
  EXPECT_EQ(normal_quantile(1.0), INFINITY);
}

}  // namespace
}  // namespace oodml::statistics
