#include "core/samplers/random.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::context_of;
using testing::dataset_of;
using testing::label_of;

TEST(RandomTest, ClassesAreUniformWhateverTheirSizeAndSoAreTheirImages) {
  const auto dataset = dataset_of({1, 4, 40, 5});
  const auto sampler = *make_sampler({"random", {}}, context_of(dataset, 41, 1, 500));
  std::vector<double> of_class(4), of_image(dataset->samples.size());
  for (const auto& batch : sampler->epoch(0, {})) {
    ASSERT_EQ(batch.size(), 41U);
    for (std::size_t i = 0; i + 1 < batch.size(); ++i) {
      ++of_class[static_cast<std::size_t>(label_of(*dataset, batch[i]))];
      ++of_image[static_cast<std::size_t>(batch[i])];
    }
  }
  double class_chi = 0.0;  // 20 000 draws of a class, 3 degrees of freedom: 16.3 at 0.1 %
  for (const double count : of_class) class_chi += (count - 5000.0) * (count - 5000.0) / 5000.0;
  EXPECT_LT(class_chi, 16.3);
  double image_chi = 0.0;  // the 40 images of class 2, 39 degrees of freedom: 72.1 at 0.1 %
  for (const std::int64_t position : dataset->by_class[2]) {
    const double expected = of_class[2] / 40.0, difference = of_image[static_cast<std::size_t>(position)] - expected;
    image_chi += difference * difference / expected;
  }
  EXPECT_LT(image_chi, 72.1);
}

TEST(RandomTest, TheLastImageIsOfAClassAlreadyInTheBatch) {
  const auto dataset = dataset_of(std::vector<std::int64_t>(50, 3));
  const auto sampler = *make_sampler({"random", {}}, context_of(dataset, 3, 1, 3000));
  int of_first = 0, of_second = 0, same_image = 0;
  for (const auto& batch : sampler->epoch(0, {})) {
    const auto first = label_of(*dataset, batch[0]), second = label_of(*dataset, batch[1]);
    const auto last = label_of(*dataset, batch[2]);
    ASSERT_TRUE(last == first || last == second);
    if (first == second) continue;
    of_first += last == first;
    of_second += last == second;
    same_image += std::count(batch.begin(), batch.begin() + 2, batch[2]) > 0;
  }
  const double rounds = of_first + of_second;
  EXPECT_NEAR(of_first / rounds, 0.5, 5 * std::sqrt(0.25 / rounds));
  EXPECT_NEAR(same_image / rounds, 1.0 / 3, 5 * std::sqrt(2.0 / 9 / rounds));  // perhaps itself
}

TEST(RandomTest, AnEpochIsAFunctionOfItsNumberAndABatchOfItsOwn) {
  const auto dataset = dataset_of({50, 50});
  const auto sampler = *make_sampler({"random", {}}, context_of(dataset, 10, 2, 4));
  const auto longer = *make_sampler({"random", {}}, context_of(dataset, 10, 2, 6));
  auto batches = longer->epoch(3, {});
  EXPECT_NE(sampler->epoch(4, {}), sampler->epoch(3, {}));
  EXPECT_NE(batches[0], batches[1]);
  batches.resize(4);
  EXPECT_EQ(sampler->epoch(3, {}), batches);
  EXPECT_FALSE(sampler->needs_embeddings());
}

}  // namespace
}  // namespace oodml::samplers
