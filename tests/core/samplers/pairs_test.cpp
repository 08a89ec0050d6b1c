// The samplers whose batches are images and one of the class of each, and greedy_class_coreset.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

#include "core/samplers/coreset.h"
#include "core/samplers/infobatch.h"
#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::context_of;
using testing::dataset_of;
using testing::label_of;
using testing::sampler_choice;

/// Whether, for the first `count` of every `step` images, the one `distance` places behind is of the same class.
bool are_of_one_class(const data::Dataset& dataset, const Batch& batch, std::size_t count, std::size_t step,
                      std::size_t distance) {
  for (std::size_t i = 0; i < count; ++i) {
    if (label_of(dataset, batch[step * i]) != label_of(dataset, batch[step * i + distance])) return false;
  }
  return true;
}

TEST(SemiClassRandomTest, ImagesAreUniformAndEachIsFollowedByOneOfItsClass) {
  const auto dataset = dataset_of({2, 6, 32});
  const auto sampler = *make_sampler(sampler_choice("semi_class_random"), context_of(dataset, 10, 2, 400));
  EXPECT_FALSE(sampler->needs_embeddings());
  std::vector<double> first(40);
  for (const Batch& batch : sampler->epoch(0, {})) {
    ASSERT_EQ(batch.size(), 10U);
    ASSERT_TRUE(are_of_one_class(*dataset, batch, 5, 2, 1));
    for (std::size_t i = 0; i < 10; i += 2) ++first[static_cast<std::size_t>(batch[i])];
  }
  double chi = 0.0;  // 2000 draws of 40 images, 39 degrees of freedom: 72.1 at 0.1 %
  for (const double count : first) chi += (count - 50.0) * (count - 50.0) / 50.0;
  EXPECT_LT(chi, 72.1);
}

TEST(GreedyClassCoresetTest, OfEachClassItTakesTheImagesThatLieFarthestApart) {
  // Class 0 lies at 0, 1, 2, 10 on a line and class 1 at 20, 21: two of class 0 are always (x, farthest from x).
  const auto dataset = dataset_of({4, 2});
  const auto stored = at::tensor({0.0F, 1.0F, 2.0F, 10.0F, 20.0F, 21.0F}).unsqueeze(1);
  const auto sampler = *make_sampler(sampler_choice("greedy_class_coreset"), context_of(dataset, 4, 2, 200));
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const Batch& batch : sampler->epoch(0, stored)) {
    ASSERT_EQ(batch.size(), 4U);
    for (std::size_t i = 0; i < 4; i += 2) pairs.emplace(batch[i], batch[i + 1]);
  }
  EXPECT_EQ(pairs, (std::set<std::pair<std::int64_t, std::int64_t>>{{0, 3}, {1, 3}, {2, 3}, {3, 0}, {4, 5}, {5, 4}}));
}

TEST(GreedyClassCoresetTest, AClassWithTooFewImagesFillsItsPlace) {
  const auto dataset = dataset_of({1, 2});
  const auto sampler = *make_sampler(sampler_choice("greedy_class_coreset"), context_of(dataset, 3, 3, 50));
  for (const Batch& batch : sampler->epoch(0, at::rand({3, 2}))) {
    ASSERT_EQ(batch.size(), 3U);
    const auto label = label_of(*dataset, batch[0]);
    EXPECT_EQ(label_of(*dataset, batch[1]), label);
    EXPECT_EQ(label_of(*dataset, batch[2]), label);
    EXPECT_EQ(batch[0] == batch[1], label == 0) << "the two images of class 1 come first";
  }
}

TEST(GreedySemiClassCoresetTest, HalfABatchLiesFarApartAndTheOtherHalfIsOfItsClasses) {
  // The whole training set is looked at: 0 and 100 are the farthest of it, so a coreset of two has one of them.
  const auto dataset = dataset_of({3, 3});
  const auto stored = at::tensor({0.0F, 1.0F, 2.0F, 98.0F, 99.0F, 100.0F}).unsqueeze(1);
  const ComponentChoice choice = sampler_choice("greedy_semi_class_coreset", {{"primary_subset_perc", 1.0}});
  const auto sampler = *make_sampler(choice, context_of(dataset, 4, 2, 200));
  for (const Batch& batch : sampler->epoch(0, stored)) {
    ASSERT_EQ(batch.size(), 4U);
    EXPECT_EQ(batch[1], label_of(*dataset, batch[0]) == 0 ? 5 : 0);
    EXPECT_TRUE(are_of_one_class(*dataset, batch, 2, 1, 2));
  }
}

TEST(GreedySemiClassCoresetTest, PicksOfRowsAreThoseOfTheMatrix) {
  const auto x = at::randn({1200, 5}, at::kDouble);  // more rows than are looked at together
  EXPECT_EQ(greedy_picks_of_rows(x, 17, 40), greedy_picks(squared_distances(x), 17, 40));
  const auto equal = at::ones({4, 2}, at::kDouble);
  EXPECT_EQ(greedy_picks_of_rows(equal, 2, 4), (std::vector<std::int64_t>{2, 0, 1, 3}));
}

TEST(InfobatchTest, PartnersAreWeighedBySquaredDistances) {
  // In three dimensions g(d) = -ln d on the squared distance: 0.25 (clipped to 0.5), 1 and 1.6 weigh 2, 1 and 1 / 1.6;
  // the anchor and what is taken weigh nothing.
  const auto x = at::tensor({0.0, 0.5, 1.0, std::sqrt(1.6), 1.0}, at::kDouble).unsqueeze(1) *
                 at::tensor({1.0, 0.0, 0.0}, at::kDouble);
  const auto free = at::tensor({0, 1, 1, 1, 0}, at::kLong).to(at::kBool);
  const auto want = at::tensor({0.0, 2.0, 1.0, 1 / 1.6, 0.0}, at::kDouble) / (3 + 1 / 1.6);
  EXPECT_TRUE(infobatch_partners(x, 0, free).allclose(want, 1e-9, 1e-12));
  // Squared distances from 2 on have a pole between them; they are kept below it and stay finite.
  const auto far = at::tensor({0.0, 1.5, 2.0}, at::kDouble).unsqueeze(1) * at::ones({1, 64}, at::kDouble) / 8;
  const auto weights = infobatch_partners(far, 0, at::tensor({0, 1, 1}, at::kLong).to(at::kBool));
  EXPECT_TRUE(weights.allclose(at::tensor({0.0, 0.5, 0.5}, at::kDouble)));
}

TEST(InfobatchTest, ABatchIsHalfDifferentImagesAndHalfOfTheirClasses) {
  const auto dataset = dataset_of({5, 5, 5, 5});
  const auto rows = at::randn({20, 4});
  const auto stored = rows / rows.norm(2, 1, /*keepdim=*/true);
  for (const std::int64_t size : {12, 14}) {  // an even and an odd number of picks
    const auto picks = static_cast<std::size_t>(size / 2);
    const auto sampler = *make_sampler(sampler_choice("presampled_infobatch"), context_of(dataset, size, 2, 50));
    for (const Batch& batch : sampler->epoch(0, stored)) {
      ASSERT_EQ(batch.size(), 2 * picks);
      EXPECT_EQ(std::set<std::int64_t>(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(picks)).size(),
                picks);
      EXPECT_TRUE(are_of_one_class(*dataset, batch, picks, 1, picks));
    }
  }
}

class OfPairsTest : public ::testing::TestWithParam<const char*> {};

TEST_P(OfPairsTest, AnEpochIsAFunctionOfItsNumberAndTheEmbeddingsAndABatchOfItsOwn) {
  const auto dataset = dataset_of({50, 50});
  const auto stored = at::arange(300, at::kFloat).view({100, 3}).sin();
  const auto choice = sampler_choice(GetParam());
  const auto sampler = *make_sampler(choice, context_of(dataset, 10, 2, 4));
  auto batches = (*make_sampler(choice, context_of(dataset, 10, 2, 6)))->epoch(3, stored);
  EXPECT_NE(sampler->epoch(4, stored), sampler->epoch(3, stored));
  EXPECT_NE(batches[0], batches[1]);
  batches.resize(4);
  EXPECT_EQ(sampler->epoch(3, stored), batches);
}

INSTANTIATE_TEST_SUITE_P(Samplers, OfPairsTest,
                         ::testing::Values("semi_class_random", "greedy_class_coreset", "greedy_semi_class_coreset",
                                           "presampled_infobatch"),
                         [](const auto& info) { return std::string(info.param); });

TEST(PairsTest, OddBatchesAndTooFewImagesToPickFromAreRefused) {
  const auto dataset = dataset_of({50, 50});
  const auto message = [&](const ComponentChoice& choice, std::int64_t batch_size, std::int64_t per_class) {
    const auto made = make_sampler(choice, context_of(dataset, batch_size, per_class, 1));
    return made ? std::string() : made.error().message();
  };
  for (const char* name : {"semi_class_random", "greedy_semi_class_coreset", "presampled_infobatch"}) {
    EXPECT_NE(message(sampler_choice(name), 9, 3).find("batch_size 9 is odd, take an even one"), std::string::npos);
  }
  EXPECT_NE(
      message(sampler_choice("greedy_semi_class_coreset"), 40, 2).find("0.1 of 100 training images leaves 10, but a"),
      std::string::npos);
  const ComponentChoice few = sampler_choice("presampled_infobatch", {{"bigbs", std::int64_t{4}}});
  EXPECT_NE(message(few, 20, 2).find("gives 4 to choose from, but a batch picks 10"), std::string::npos);
}

}  // namespace
}  // namespace oodml::samplers
