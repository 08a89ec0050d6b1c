#include "core/embedding_map/curve.h"

#include <gtest/gtest.h>

namespace oodml::embedding_map {
namespace {

/// Of umap-learn 0.5.12, find_ab_params(spread, min_dist).
TEST(CurveTest, HasTheParametersThatUmapLearnFits) {
  struct Case {
    double min_dist, spread, a, b;
  };
  for (const Case& wanted :
       {Case{0.1, 1.0, 1.5769434602697652, 0.8950608778515733}, Case{0.5, 1.0, 0.5830300203414425, 1.3341669924314914},
        Case{0.0, 1.0, 1.93280839734315, 0.7904949732233831},
        Case{0.25, 2.0, 0.41627349667013186, 0.9218551324072873}}) {
    const Curve curve = fit_curve(wanted.min_dist, wanted.spread);
    EXPECT_NEAR(curve.a, wanted.a, 1e-5) << wanted.min_dist;
    EXPECT_NEAR(curve.b, wanted.b, 1e-5) << wanted.min_dist;
  }
}

}  // namespace
}  // namespace oodml::embedding_map
