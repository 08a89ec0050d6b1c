#include "core/train/embed.h"

#include <gtest/gtest.h>

namespace oodml::train {
namespace {

EmbeddedSet two_heads() {
  const auto a = torch::tensor({{1.0F, 0.0F}, {0.6F, 0.8F}}), b = torch::tensor({{0.0F, 1.0F}, {0.0F, 1.0F}});
  return {a, {{"intra", b}, {"shared", a}}};
}

TEST(JoinedEmbeddingsTest, HeadsAreWeightedJoinedInTheNamedOrderAndNormalised) {
  const auto raw = joined_embeddings(two_heads(), {{"intra", "shared"}, {2.0, 1.5}}, false);
  EXPECT_TRUE(raw.allclose(torch::tensor({{0.0F, 2.0F, 1.5F, 0.0F}, {0.0F, 2.0F, 0.9F, 1.2F}})));
  const auto unit = joined_embeddings(two_heads(), {{"intra", "shared"}, {2.0, 1.5}}, true);
  EXPECT_TRUE(unit.allclose(raw / 2.5));
}

TEST(JoinedEmbeddingsTest, WithoutHeadsTheyAreTheEmbeddingsAsTheyAre) {
  const EmbeddedSet set{torch::tensor({{3.0F, 4.0F}}), {}};
  EXPECT_TRUE(joined_embeddings(set, {}, true).equal(set.embeddings));
}

TEST(JoinedEmbeddingsTest, TheFeaturesAreThePooledVectorAsItIs) {
  const EmbeddedSet set{torch::tensor({{3.0F, 4.0F}}), {}, torch::tensor({{1.0F, 2.0F, 2.0F}})};
  EXPECT_TRUE(joined_embeddings(set, {.are_features = true}, true).equal(set.features));
}

TEST(EmbeddedSetTest, ANaNInAnyHeadIsSeen) {
  EmbeddedSet set = two_heads();
  EXPECT_TRUE(set.is_finite());
  set.heads["intra"][1][0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(set.is_finite());
}

}  // namespace
}  // namespace oodml::train
