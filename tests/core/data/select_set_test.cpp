#include "core/data/select_set.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "core/data/benchmark.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
using Positions = std::vector<std::int64_t>;

/// Classes of these numbers of images each, all in training; image indices count on from class to class.
Benchmark benchmark_of(const std::vector<std::int64_t>& images, SampleCut cut) {
  Benchmark benchmark;
  benchmark.name = "mine";
  benchmark.sample_cut = cut;
  std::int64_t next = 0;
  for (const std::int64_t count : images) {
    ImageClass added{.name = "class" + std::to_string(benchmark.classes.size()), .images = Positions(count)};
    std::iota(added.images.begin(), added.images.end(), next);
    next += count;
    benchmark.classes.push_back(std::move(added));
  }
  return benchmark;
}

ChosenSets sets_of(const Benchmark& benchmark) {
  ChosenSets sets;
  for (const ImageClass& known : benchmark.classes) sets.train.push_back(known.name);
  sets.test = {sets.train.back()};
  sets.val = sets.train;
  sets.cuts_samples = true;
  return sets;
}

Positions images_of(const Dataset& dataset) {
  Positions images;
  for (const Dataset::Sample& sample : dataset.samples) images.push_back(sample.image);
  return images;
}

TEST(TrainingPositionsTest, AreSpreadAsNumpyRoundsALinspace) {
  // numpy.unique(numpy.round(numpy.linspace(0, n - 1, int(n * 0.8)))) of n = 4, 6, 11; halves go to the even number.
  EXPECT_EQ(training_positions(4, 0.2, SampleCut::kSpread, "c", 0), (Positions{0, 2, 3}));
  EXPECT_EQ(training_positions(6, 0.2, SampleCut::kSpread, "c", 0), (Positions{0, 2, 3, 5}));
  EXPECT_EQ(training_positions(11, 0.2, SampleCut::kSpread, "c", 0), (Positions{0, 1, 3, 4, 6, 7, 9, 10}));
  EXPECT_EQ(training_positions(2, 0.2, SampleCut::kSpread, "c", 0), (Positions{0}));
  EXPECT_EQ(training_positions(1, 0.2, SampleCut::kSpread, "c", 0), (Positions{}));
}

TEST(TrainingPositionsTest, AreTheFirstOnes) {
  EXPECT_EQ(training_positions(5, 0.2, SampleCut::kFirst, "c", 7), (Positions{0, 1, 2, 3}));
  EXPECT_EQ(training_positions(2, 0.5, SampleCut::kFirst, "c", 7), (Positions{0}));
}

TEST(TrainingPositionsTest, AreDrawnEvenlyAndBySeedAndClass) {
  const auto draw = [](const std::string& name, std::uint64_t seed) {
    return training_positions(40, 0.5, SampleCut::kDrawn, name, seed);
  };
  EXPECT_EQ(draw("a", 1), draw("a", 1));
  EXPECT_NE(draw("a", 1), draw("a", 2));
  EXPECT_NE(draw("a", 1), draw("b", 1));
  std::vector<int> taken(10);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Positions positions = training_positions(10, 0.3, SampleCut::kDrawn, "a", seed);
    ASSERT_EQ(positions.size(), 7U);
    ASSERT_EQ(std::set(positions.begin(), positions.end()).size(), 7U);
    ASSERT_TRUE(std::ranges::is_sorted(positions));
    for (const std::int64_t position : positions) ++taken[static_cast<std::size_t>(position)];
  }
  for (const int count : taken) EXPECT_NEAR(count, 1400, 5 * std::sqrt(2000 * 0.7 * 0.3));
}

TEST(SelectSetTest, TrainingAndValidationPartTheImagesOfEachClass) {
  for (const SampleCut cut : {SampleCut::kSpread, SampleCut::kDrawn, SampleCut::kFirst}) {
    const Benchmark benchmark = benchmark_of({5, 10}, cut);
    const auto train = *select_set(benchmark, sets_of(benchmark), "train", {});
    const auto val = *select_set(benchmark, sets_of(benchmark), "val", {});
    EXPECT_EQ(train->class_names, val->class_names);
    EXPECT_EQ(train->by_class[0].size(), 4U);
    EXPECT_EQ(val->by_class[1].size(), 2U);
    Positions together = images_of(*train);
    for (const std::int64_t image : images_of(*val)) together.push_back(image);
    std::ranges::sort(together);
    Positions all(15);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(together, all);
    for (std::size_t i = 0; i < train->samples.size(); ++i) {
      EXPECT_EQ(train->samples[i].label, train->samples[i].image < 5 ? 0 : 1);
    }
  }
}

TEST(SelectSetTest, TheFirstImagesOfAClassAreCutBeforeSomeAreHeldOut) {
  const Benchmark benchmark = benchmark_of({10}, SampleCut::kFirst);
  const SampleRequest request{.images_per_class = 4, .validation_fraction = 0.5};
  EXPECT_EQ(images_of(**select_set(benchmark, sets_of(benchmark), "train", request)), (Positions{0, 1}));
  EXPECT_EQ(images_of(**select_set(benchmark, sets_of(benchmark), "val", request)), (Positions{2, 3}));
}

TEST(SelectSetTest, ClassesWithoutATrainingImageAreNamed) {
  const Benchmark benchmark = benchmark_of({1, 5}, SampleCut::kSpread);
  const auto train = select_set(benchmark, sets_of(benchmark), "train", {});
  ASSERT_FALSE(train);
  EXPECT_NE(train.error().message().find("no image for training in 1 classes: class0; take a smaller"),
            std::string::npos);
  const auto val = select_set(benchmark, sets_of(benchmark), "val", {.validation_fraction = 1e-10});
  ASSERT_FALSE(val);
  EXPECT_NE(val.error().message().find("no image for validation"), std::string::npos) << val.error().message();
}

TEST(SelectSetTest, SuperclassesLabelTheTrainingImagesInOrderOfTheirIds) {
  Benchmark benchmark = benchmark_of({1, 2, 1, 1}, SampleCut::kFirst);
  benchmark.superclasses = {{7, "mug_final"}, {2, "fan_final"}};  // as the info files name them
  for (const std::size_t k : {0, 2}) benchmark.classes[k].superclass = 7;
  for (const std::size_t k : {1, 3}) benchmark.classes[k].superclass = 2;
  const ChosenSets sets{.train = {"class0", "class1", "class2"}, .test = {"class3"}};
  const auto super = *select_set(benchmark, sets, "super", {});
  EXPECT_EQ(super->class_names, (Names{"fan_final", "mug_final"}));
  EXPECT_EQ(images_of(*super), (Positions{1, 2, 0, 3}));
  EXPECT_EQ(super->by_class, (std::vector<Positions>{{0, 1}, {2, 3}}));
}

TEST(SelectSetTest, AllIsEveryClassAndUnknownSetsAreRefused) {
  const Benchmark benchmark = benchmark_of({1, 2}, SampleCut::kSpread);
  ChosenSets sets = sets_of(benchmark);
  sets.cuts_samples = false;
  EXPECT_EQ((*select_set(benchmark, sets, "all", {}))->class_names, (Names{"class0", "class1"}));
  EXPECT_EQ((*select_set(benchmark, sets, "test", {}))->class_names, (Names{"class1"}));
  EXPECT_NE(select_set(benchmark, sets, "super", {}).error().message().find("no superclasses"), std::string::npos);
  EXPECT_NE(select_set(benchmark, sets, "tset", {}).error().message().find("known: train, test, val"),
            std::string::npos);
  sets.val.clear();
  EXPECT_NE(select_set(benchmark, sets, "val", {}).error().message().find("without validation"), std::string::npos);
}

}  // namespace
}  // namespace oodml::data
