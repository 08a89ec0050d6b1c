#include "core/pads/scramble.h"

#include <gtest/gtest.h>

#include <set>

namespace oodml::pads {
namespace {

/// Classes a, b, ... with these images.
std::shared_ptr<const data::Dataset> dataset_of(
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& classes) {
  auto dataset = std::make_shared<data::Dataset>();
  for (const auto& [name, images] : classes) {
    dataset->by_class.emplace_back();
    for (const std::int64_t image : images) {
      dataset->by_class.back().push_back(std::ssize(dataset->samples));
      dataset->samples.push_back({image, std::ssize(dataset->class_names)});
    }
    dataset->class_names.push_back(name);
  }
  return dataset;
}

std::set<std::int64_t> images_of(const data::Dataset& dataset, const std::string& name) {
  std::set<std::int64_t> images;
  for (const auto& sample : dataset.samples) {
    if (dataset.class_names[static_cast<std::size_t>(sample.label)] == name) images.insert(sample.image);
  }
  return images;
}

TEST(ScrambleTest, InsideOfClassesEachKeepsItsNumbersAndEveryImageIsInOneOfTheSets) {
  const TrainingSplit split{dataset_of({{"a", {0, 1, 2}}, {"b", {10, 11}}}), dataset_of({{"a", {3, 4}}})};
  std::set<std::set<std::int64_t>> drawn;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const auto [train, validation] = scrambled(split, false, random);
    ASSERT_EQ(train->class_names, (std::vector<std::string>{"a", "b"}));
    ASSERT_EQ(validation->class_names, (std::vector<std::string>{"a"}));
    auto a = images_of(*train, "a");
    ASSERT_EQ(a.size(), 3U);
    drawn.insert(a);
    a.merge(images_of(*validation, "a"));
    ASSERT_EQ(a, (std::set<std::int64_t>{0, 1, 2, 3, 4}));
    ASSERT_EQ(images_of(*train, "b"), (std::set<std::int64_t>{10, 11}));
    ASSERT_EQ(std::ssize(train->by_class[0]), 3);
  }
  EXPECT_EQ(drawn.size(), 10U);  // every choice of three of five
}

TEST(ScrambleTest, ByClassWholeClassesChangeSides) {
  const TrainingSplit split{dataset_of({{"a", {0, 1}}, {"b", {2}}}), dataset_of({{"c", {3, 4}}})};
  std::set<std::string> validated;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const auto [train, validation] = scrambled(split, true, random);
    ASSERT_EQ(train->class_names.size(), 2U);
    ASSERT_EQ(validation->class_names.size(), 1U);
    validated.insert(validation->class_names[0]);
  }
  EXPECT_EQ(validated, (std::set<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace oodml::pads
