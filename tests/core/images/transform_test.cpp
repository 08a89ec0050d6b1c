#include "core/images/transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/images/decode.h"
#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

View centre_view(const Transform& transform, const Image& image) {
  oodml::Random unused(0);
  return transform.draw({image.width, image.height}, unused);
}

TEST(TransformTest, ACropLargerThanTheImageIsCentredOnBlack) {
  const Image white{.width = 3, .height = 2, .pixels = std::vector<std::uint8_t>(18, 255)};
  const Transform transform({.crop_size = 4, .resize = 2});
  Transform::Scratch scratch;
  transform.render(ImagePart::whole(white), centre_view(transform, white), scratch);
  std::vector<int> reds;
  for (std::size_t i = 0; i < scratch.pixels.size(); i += 3) reds.push_back(scratch.pixels[i] / 255);
  EXPECT_EQ(reds, (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0}));
}

TEST(TransformTest, TrainingIsAFunctionOfItsRandomStream) {
  const ImagePart image = ImagePart::whole(patterned_image(40, 30, 1));
  Transform::Scratch scratch;
  for (const Pipeline pipeline : {Pipeline::kBase, Pipeline::kAdv, Pipeline::kRed}) {
    const Transform transform({.pipeline = pipeline, .crop_size = 16, .resize = 20});
    const auto once = [&](std::uint64_t seed) {
      std::vector<float> output(3 * 16 * 16);
      oodml::Random random(seed);
      transform.apply(image, transform.draw({40, 30}, random), scratch, output.data());
      return output;
    };
    EXPECT_EQ(once(1), once(1));
    EXPECT_NE(once(1), once(2));
  }
}

TEST(TransformTest, EvaluationDrawsNothing) {
  oodml::Random random(3), untouched(3);
  Transform({}).draw({400, 300}, random);
  EXPECT_EQ(random.next(), untouched.next());
}

TEST(TransformTest, HalfOfTheViewsAreFlippedAndOneInFiveOfAdvIsGrey) {
  oodml::Random random(8);
  constexpr int kRounds = 10000;
  int flips = 0, greys = 0, jittered = 0;
  const Transform adv({.pipeline = Pipeline::kAdv}), base({.pipeline = Pipeline::kBase});
  for (int round = 0; round < kRounds; ++round) {
    const View view = adv.draw({300, 400}, random);
    greys += view.grey;
    jittered += view.jitter.has_value();
    const View plain = base.draw({300, 400}, random);
    flips += plain.flip;
    EXPECT_FALSE(plain.grey || plain.jitter);
  }
  EXPECT_NEAR(flips, 5000, 200);  // four deviations
  EXPECT_NEAR(greys, 2000, 160);
  EXPECT_EQ(jittered, kRounds);
}

TEST(TransformTest, RedTakesACropOfTheResizedImage) {
  oodml::Random random(2);
  const Transform red({.pipeline = Pipeline::kRed, .crop_size = 20, .resize = 24});
  for (int round = 0; round < 50; ++round) {
    const View view = red.draw({30, 60}, random);
    EXPECT_EQ(view.source, (Box{0, 0, 60, 30}));
    EXPECT_EQ(view.target, (Size{24, 48}));
    EXPECT_EQ(view.wanted.height, 20);
    EXPECT_LE(view.wanted.top, 28);
    EXPECT_LE(view.wanted.left, 4);
  }
}

TEST(TransformTest, AFlipMirrorsAndBlueFirstReversesThePlanes) {
  const Image image{.width = 2, .height = 2, .pixels = {0, 51, 102, 153, 204, 255, 0, 51, 102, 153, 204, 255}};
  Normalisation plain{.mean = {0, 0, 0}, .std = {1, 1, 1}};
  const auto planes = [&](bool flip) {
    const Transform transform({.crop_size = 2, .resize = 2, .normalisation = plain});
    Transform::Scratch scratch;
    std::vector<float> output(12);
    View view = centre_view(transform, image);
    view.flip = flip;
    transform.apply(ImagePart::whole(image), view, scratch, output.data());
    for (float& value : output) value = std::round(value * 5.0F);
    return output;
  };
  EXPECT_EQ(planes(false), (std::vector<float>{0, 3, 0, 3, 1, 4, 1, 4, 2, 5, 2, 5}));
  EXPECT_EQ(planes(true), (std::vector<float>{3, 0, 3, 0, 4, 1, 4, 1, 5, 2, 5, 2}));
  plain.blue_first = true;
  EXPECT_EQ(planes(false), (std::vector<float>{2, 5, 2, 5, 1, 4, 1, 4, 0, 3, 0, 3}));
}

TEST(TransformTest, WhatIsWantedOfAnImageIsAllThatAViewReads) {
  oodml::Random random(6);
  const Image image = patterned_image(90, 70, 2);
  Transform::Scratch scratch;
  for (const Pipeline pipeline : {Pipeline::kBase, Pipeline::kRed, Pipeline::kEvaluation}) {
    const Transform transform({.pipeline = pipeline, .crop_size = 12, .resize = 31});
    for (int round = 0; round < 40; ++round) {
      const View view = transform.draw({90, 70}, random);
      const Box region = transform.wanted_by(view).region;
      ImagePart part{.image = {region.width, region.height, {}},
                     .top = region.top,
                     .left = region.left,
                     .full = {90, 70},
                     .scaled = {90, 70}};
      for (std::int64_t y = region.top; y < region.top + region.height; ++y) {
        const auto row = image.pixels.begin() + 3 * (y * 90 + region.left);
        part.image.pixels.insert(part.image.pixels.end(), row, row + 3 * region.width);
      }
      transform.render(part, view, scratch);
      const std::vector<std::uint8_t> from_part = scratch.pixels;
      transform.render(ImagePart::whole(image), view, scratch);
      ASSERT_EQ(from_part, scratch.pixels) << round;
    }
  }
}

TEST(TransformTest, TwoViewsWantWhatBothRead) {
  const Wanted both =
      wanted_by_both({.region = {2, 3, 10, 5}, .reducible = 4.0}, {.region = {4, 1, 20, 3}, .reducible = 2.5});
  EXPECT_EQ(both.region, (Box{2, 1, 22, 7}));
  EXPECT_EQ(both.reducible, 2.5);
}

TEST(TransformTest, FastDecodingIsCloseToExact) {
  const Image smooth = resized(patterned_image(6, 5, 3), {640, 480});
  const std::string file = jpeg_bytes(smooth);
  for (const bool fast : {false, true}) {
    const Transform transform({.crop_size = 64, .resize = 80, .fast_decode = fast});
    const View view = centre_view(transform, smooth);
    const auto part = decode_part(file, "a.jpg", [&](const Size&) { return transform.wanted_by(view); });
    ASSERT_TRUE(part) << part.error().message();
    EXPECT_EQ(part->scaled, fast ? (Size{160, 120}) : (Size{640, 480}));
    Transform::Scratch from_file, from_image;
    transform.render(*part, view, from_file);
    transform.render(ImagePart::whole(smooth), view, from_image);
    int largest = 0;
    for (std::size_t i = 0; i < from_file.pixels.size(); ++i) {
      largest = std::max(largest, std::abs(from_file.pixels[i] - from_image.pixels[i]));
    }
    EXPECT_LE(largest, 12);
  }
}

/// docs/data.md#decoding states these bounds.
TEST(TransformTest, FastDecodingOfAHarshPatternKeepsToItsBound) {
  const Image noise = resized(patterned_image(400, 300, 3), {800, 600});  // saw teeth: every frequency, much of it high
  const std::string file = jpeg_bytes(noise);
  for (const std::int64_t side : {32, 64, 128, 250}) {
    std::array<Transform::Scratch, 2> crops;
    for (const bool fast : {false, true}) {
      const Transform transform({.crop_size = side, .resize = side, .fast_decode = fast});
      const View view = centre_view(transform, noise);
      const auto part = decode_part(file, "a.jpg", [&](const Size&) { return transform.wanted_by(view); });
      ASSERT_TRUE(part);
      transform.render(*part, view, crops[fast ? 1 : 0]);
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < crops[0].pixels.size(); ++i) sum += std::abs(crops[0].pixels[i] - crops[1].pixels[i]);
    EXPECT_LE(sum / static_cast<double>(crops[0].pixels.size()), 7.0) << side;
  }
}

TEST(TransformTest, ImpossibleSizesAreABug) {
  EXPECT_THROW(Transform({.crop_size = 0}), std::invalid_argument);
  EXPECT_THROW(Transform({.pipeline = Pipeline::kRed, .crop_size = 20, .resize = 19}), std::invalid_argument);
}

TEST(NormalisationTest, BelongsToTheBackbone) {
  EXPECT_EQ(normalisation_of("resnet50_frozen_normalize").mean[0], 0.485F);
  EXPECT_EQ(normalisation_of("bninception_normalize").std[2], 0.0039F);
  EXPECT_TRUE(normalisation_of("bninception_normalize").blue_first);
  EXPECT_EQ(normalisation_of("multifeature_bit_normalize").std[1], 0.5F);
  EXPECT_EQ(normalisation_of("resnet18_clipi").mean[2], 0.40821073F);
  EXPECT_FALSE(normalisation_of("orbits").std[0] == 0.5F);
}

}  // namespace
}  // namespace oodml::images
