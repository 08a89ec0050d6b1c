#include "core/images/rotate.h"

#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

Image numbered(std::int64_t width, std::int64_t height) {
  Image image{.width = width, .height = height, .pixels = {}};
  for (std::int64_t i = 0; i < 3 * width * height; ++i) {
    image.pixels.push_back(static_cast<std::uint8_t>((i * 7) % 251 + 1));
  }
  return image;
}

TEST(RotateTest, EqualsPillowOnEveryParityOfTheSides) {
  // The first digits of the hashes of Image.rotate(90), (180) and (270) in Pillow 9.5.0.
  struct Row {
    std::int64_t width, height;
    const char* hashes[3];
  };
  const Row rows[] = {
      {7, 4, {"5d799270b9873461", "56f65dd95c5d860f", "8f70c5f83781f4d6"}},
      {4, 7, {"c9c4be4f4a34f670", "56f65dd95c5d860f", "c2dfa232ae6b105a"}},
      {6, 4, {"7c272d02d5cb386b", "1db69b639f15a9bb", "c9e7cf80fbf1bf87"}},
      {5, 3, {"98161081fda2192f", "eedea4ab264e81ef", "951ba7233065859f"}},
      {1, 6, {"1fe452fe17c65f27", "31acfeaf4839a0bd", "5ad20d567731f544"}},
      {6, 1, {"5ad20d567731f544", "31acfeaf4839a0bd", "1fe452fe17c65f27"}},
      {5, 5, {"1821ccf925ce523b", "96bbd5213a5b2729", "72db9d55caa306be"}},
  };
  for (const Row& row : rows) {
    for (int turns = 1; turns <= 3; ++turns) {
      const Image image = rotated_on_canvas(numbered(row.width, row.height), turns);
      const std::string hash = sha256_hex({reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size()});
      EXPECT_EQ(hash.substr(0, 16), row.hashes[turns - 1]) << row.width << " x " << row.height << " by " << turns;
    }
  }
}

TEST(RotateTest, FourQuarterTurnsAreNoneAndNegativeOnesGoBack) {
  const Image square = patterned_image(6, 6, 1), wide = patterned_image(7, 4, 1);
  EXPECT_EQ(rotated_on_canvas(wide, 4).pixels, wide.pixels);
  EXPECT_EQ(rotated_on_canvas(rotated_on_canvas(square, 1), 3).pixels, square.pixels);
  EXPECT_EQ(rotated_on_canvas(square, -1).pixels, rotated_on_canvas(square, 3).pixels);
}

TEST(RotateTest, WhatLeavesTheCanvasIsBlack) {
  const Image white{.width = 3, .height = 1, .pixels = std::vector<std::uint8_t>(9, 255)};
  EXPECT_EQ(rotated_on_canvas(white, 1).pixels, (std::vector<std::uint8_t>{0, 0, 0, 255, 255, 255, 0, 0, 0}));
}

}  // namespace
}  // namespace oodml::images
