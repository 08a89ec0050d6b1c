#include "core/base/student_t.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace oodml {
namespace {

TEST(StudentTest, QuantilesAreThoseOfTheTables) {
  // scipy.stats.t.ppf, SciPy 1.17.1
  const std::vector<std::pair<double, double>> at_975 = {
      {1, 12.706204736174694}, {2, 4.302652729749462},  {3, 3.1824463052837078},   {4, 2.7764451051977934},
      {9, 2.262157162798205},  {29, 2.045229642132703}, {100, 1.9839715185235518}, {1000, 1.9623390808264083}};
  for (const auto& [dof, expected] : at_975) {
    EXPECT_NEAR(student_t_quantile(0.975, dof) / expected, 1.0, 1e-10) << dof;
  }
  EXPECT_NEAR(student_t_quantile(0.995, 1), 63.656741162871526, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.9, 2.5), 1.7302509288071766, 1e-10);
  EXPECT_NEAR(student_t_cdf(1.3, 7), 0.8826160823038114, 1e-12);
  EXPECT_EQ(student_t_quantile(0.5, 3), 0.0);
  EXPECT_NEAR(student_t_quantile(0.025, 4), -2.7764451051977934, 1e-10);
}

}  // namespace
}  // namespace oodml
