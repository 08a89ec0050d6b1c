#include "core/data/known_counts.h"

#include <gtest/gtest.h>

namespace oodml::data {
namespace {

using Texts = std::vector<std::string>;

/// `classes` classes; the first `train` of them train. The images are shared out so that the training part has
/// `train_images` and the whole has `images`.
Benchmark benchmark_of(const std::string& name, std::int64_t classes, std::int64_t images, std::int64_t train,
                       std::int64_t train_images) {
  Benchmark benchmark{.name = name};
  for (std::int64_t i = 0; i < classes; ++i) {
    const bool trains = i < train;
    const std::int64_t rest = trains ? train_images : images - train_images;
    const bool first = i == 0 || i == train;
    const std::int64_t others = (trains ? train : classes - train) - 1;
    benchmark.classes.push_back(
        {.name = std::to_string(i), .images = std::vector<std::int64_t>(first ? rest - others : 1)});
    (trains ? benchmark.default_train : benchmark.default_test).push_back(std::to_string(i));
  }
  return benchmark;
}

TEST(UnusualCountsTest, ThePublishedOnesAreUsual) {
  EXPECT_EQ(unusual_counts(benchmark_of("cub200", 200, 11788, 100, 5864)), Texts());
  EXPECT_EQ(unusual_counts(benchmark_of("cars196", 196, 16185, 98, 8054)), Texts());
  EXPECT_EQ(unusual_counts(benchmark_of("online_products", 22634, 120053, 11318, 59551)), Texts());
  EXPECT_EQ(unusual_counts(benchmark_of("mine", 3, 9, 1, 3)), Texts());
}

TEST(UnusualCountsTest, OthersAreSaidBesideThePublishedOnes) {
  EXPECT_EQ(
      unusual_counts(benchmark_of("cub200", 199, 11700, 100, 5864)),
      (Texts{"cub200 has 199 classes with 11700 images here; the published one has 200 classes with 11788 images"}));
  EXPECT_EQ(
      unusual_counts(benchmark_of("cars196", 196, 16185, 98, 8055)),
      (Texts{"the default training part of cars196 has 98 classes with 8055 images here; the published one has 98 "
             "classes with 8054 images",
             "the default test part of cars196 has 98 classes with 8130 images here; the published one has 98 "
             "classes with 8131 images"}));
}

}  // namespace
}  // namespace oodml::data
