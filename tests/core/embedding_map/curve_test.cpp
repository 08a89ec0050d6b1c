#include "core/embedding_map/curve.h"

#include <gtest/gtest.h>

namespace oodml::embedding_map {
namespace {

TEST(CurveTest, HasThePublishedParametersOfTheDefaults) {
  const Curve curve = fit_curve(0.1, 1.0);
  EXPECT_NEAR(curve.a, 1.577, 5e-4);  // umap-learn's find_ab_params(1.0, 0.1)
  EXPECT_NEAR(curve.b, 0.895, 5e-4);
}

}  // namespace
}  // namespace oodml::embedding_map
