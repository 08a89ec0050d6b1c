#include "core/data/transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/data/golden_case.h"
#include "tests/core/data/sample_files.h"

namespace oodml::data {
namespace {

/// The tolerance rule of the golden files.
double allowed(const GoldenCase& golden, const std::vector<float>& wanted) {
  double largest = 0.0;
  for (const float value : wanted) largest = std::max(largest, std::abs(static_cast<double>(value)));
  return golden.about["tolerance"]["atol"].get<double>() + golden.about["tolerance"]["rtol"].get<double>() * largest;
}

std::vector<float> normalised(const Transform& transform, const Transform::Scratch& scratch, bool flip,
                              std::int64_t side) {
  std::vector<float> output(static_cast<std::size_t>(3 * side * side));
  transform.normalise(scratch, flip, output.data());
  return output;
}

TEST(TransformTest, EvaluationEqualsTheReference) {
  for (const GoldenCase& golden : golden_cases("evaluation")) {
    SCOPED_TRACE(golden.name);
    const std::int64_t side = golden.integer("crop");
    const Transform transform({.crop_size = side, .resize = golden.integer("resize")});
    Transform::Scratch scratch;
    const Image image = golden.image("in.pixels");
    if (golden.has("out.resized")) {
      const Image wanted = golden.image("out.resized");
      EXPECT_EQ(shorter_side_to({image.width, image.height}, golden.integer("resize")),
                (Size{wanted.width, wanted.height}));
    }
    transform.evaluation_crop(image, scratch);
    EXPECT_EQ(scratch.pixels, golden.bytes("out.cropped"));
    if (!golden.has("out.tensor")) continue;
    const std::vector<float> wanted = golden.floats("out.tensor");
    EXPECT_LE(largest_difference(normalised(transform, scratch, false, side), wanted), allowed(golden, wanted));
  }
}

TEST(TransformTest, ResizedCropsEqualTheReference) {
  for (const GoldenCase& golden : golden_cases("resized_crop")) {
    SCOPED_TRACE(golden.name);
    const std::int64_t side = golden.integer("size");
    const Transform transform({.training = true, .crop_size = side});
    Transform::Scratch scratch;
    const Box box{golden.integer("top"), golden.integer("left"), golden.integer("height"), golden.integer("width")};
    transform.training_crop(golden.image("in.pixels"), box, scratch);
    const bool flip = golden.about["params"]["flip"].get<bool>();
    if (!flip) {
      EXPECT_EQ(scratch.pixels, golden.bytes("out.pixels"));
    }
    const std::vector<float> wanted = golden.floats("out.tensor");
    EXPECT_LE(largest_difference(normalised(transform, scratch, flip, side), wanted), allowed(golden, wanted));
  }
}

TEST(TransformTest, NormalisationEqualsTheReference) {
  for (const GoldenCase& golden : golden_cases("normalise")) {
    SCOPED_TRACE(golden.name);
    const Image image = golden.image("in.pixels");
    const std::int64_t side = std::max(image.width, image.height);
    const Transform transform({.crop_size = side,
                               .resize = side,
                               .mean = golden.about["params"]["mean"],
                               .std = golden.about["params"]["std"]});
    Transform::Scratch scratch;  // normalise works on squares: the image in the upper left corner
    scratch.pixels.assign(static_cast<std::size_t>(3 * side * side), 0);
    for (std::int64_t y = 0; y < image.height; ++y) {
      std::copy_n(image.pixels.begin() + 3 * y * image.width, 3 * image.width, scratch.pixels.begin() + 3 * y * side);
    }
    const std::vector<float> planes = normalised(transform, scratch, false, side);
    const bool reversed = golden.about["params"]["channel_order"] == "BGR";
    std::vector<float> got;
    for (std::int64_t channel = 0; channel < 3; ++channel) {
      const std::int64_t plane = reversed ? 2 - channel : channel;
      for (std::int64_t y = 0; y < image.height; ++y) {
        const auto row = planes.begin() + (plane * side + y) * side;
        got.insert(got.end(), row, row + image.width);
      }
    }
    const std::vector<float> wanted = golden.floats("out.tensor");
    EXPECT_LE(largest_difference(got, wanted), allowed(golden, wanted));
  }
}

TEST(RandomResizedCropTest, FallbackBoxesEqualTheReference) {
  for (const GoldenCase& golden : golden_cases("random_resized_crop")) {
    const auto sizes = golden.integers("in.size"), boxes = golden.integers("out.box");
    for (std::size_t i = 0; i < sizes.size() / 2; ++i) {
      const Box wanted{boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]};
      EXPECT_EQ(fallback_crop({sizes[2 * i], sizes[2 * i + 1]}), wanted) << i;
    }
  }
}

TEST(RandomResizedCropTest, BoxesLieInsideWithTheAreasAndAspectsAskedFor) {
  oodml::Random random(1);
  double smallest = 1.0, largest = 0.0, sum = 0.0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    const Box box = random_resized_crop({400, 300}, random);
    ASSERT_GE(box.top, 0);
    ASSERT_GE(box.left, 0);
    ASSERT_LE(box.top + box.height, 300);
    ASSERT_LE(box.left + box.width, 400);
    const double aspect = static_cast<double>(box.width) / static_cast<double>(box.height);
    ASSERT_GT(aspect, 0.74);
    ASSERT_LT(aspect, 1.35);
    const double area = static_cast<double>(box.width * box.height) / 120000.0;
    smallest = std::min(smallest, area);
    largest = std::max(largest, area);
    sum += area;
  }
  EXPECT_NEAR(smallest, 0.08, 0.01);
  EXPECT_GT(largest, 0.9);
  EXPECT_NEAR(sum / kRounds, 0.4331, 0.012);  // by a million draws in Python; large crops are rejected more often
}

TEST(RandomResizedCropTest, ExtremeImagesFallBackToTheirCentre) {
  oodml::Random random(3);
  EXPECT_EQ(random_resized_crop({1000, 2}, random), (Box{0, 498, 2, 3}));
  EXPECT_EQ(random_resized_crop({1, 1}, random), (Box{0, 0, 1, 1}));
}

TEST(TransformTest, ACropLargerThanTheImageIsCentredOnBlack) {
  const Image white{.width = 3, .height = 2, .pixels = std::vector<std::uint8_t>(18, 255)};
  Transform::Scratch scratch;
  Transform({.crop_size = 4, .resize = 2}).evaluation_crop(white, scratch);
  std::vector<int> reds;
  for (std::size_t i = 0; i < scratch.pixels.size(); i += 3) reds.push_back(scratch.pixels[i] / 255);
  EXPECT_EQ(reds, (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0}));
}

TEST(TransformTest, TrainingIsAFunctionOfItsRandomStream) {
  const Transform transform({.training = true, .crop_size = 16});
  const Image image = patterned_image(40, 30, 1);
  Transform::Scratch scratch;
  const auto once = [&](std::uint64_t seed) {
    std::vector<float> output(3 * 16 * 16);
    oodml::Random random(seed);
    transform.apply(image, random, scratch, output.data());
    return output;
  };
  EXPECT_EQ(once(1), once(1));
  EXPECT_NE(once(1), once(2));
}

}  // namespace
}  // namespace oodml::data
