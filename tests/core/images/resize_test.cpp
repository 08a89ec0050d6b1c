#include "core/images/resize.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/images/resize_kernels.h"
#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

TEST(ResizeTest, HalvingOneAxisMixesFourNeighbours) {
  // scale 2: the second output sits at 3, its taps 1..4 weigh 1, 3, 3, 1 eighths.
  const Image row{.width = 6, .height = 1, .pixels = {0, 0, 0, 80, 80, 80, 0, 0, 0, 0, 0, 0, 160, 160, 160, 0, 0, 0}};
  const Image half = resized(row, {3, 1});
  EXPECT_EQ(half.pixels[3], 30);
}

TEST(ResizeTest, AWantedRegionHasThePixelsOfTheWhole) {
  const Image image = patterned_image(37, 29, 5);
  for (const Size target : {Size{20, 50}, Size{37, 15}, Size{60, 29}, Size{37, 29}}) {
    const Image whole = resized(image, target);
    const Box wanted{3, 4, 9, 11};
    std::vector<std::uint8_t> part(3 * 11 * 9);
    Resizer().resize(ImagePart::whole(image), {0, 0, 29, 37}, target, wanted, part.data(), 3 * 11);
    for (std::int64_t y = 0; y < wanted.height; ++y) {
      for (std::int64_t i = 0; i < 3 * wanted.width; ++i) {
        const auto place = static_cast<std::size_t>(3 * ((y + wanted.top) * target.width + wanted.left) + i);
        ASSERT_EQ(part[static_cast<std::size_t>(y * 33 + i)], whole.pixels[place])
            << target.width << " " << y << " " << i;
      }
    }
  }
}

/// The sums as the specification writes them.
std::vector<std::uint8_t> mixed(const Image& image, const std::vector<std::int32_t>& weights, std::int64_t first) {
  std::vector<std::uint8_t> row;
  for (std::int64_t i = 0; i < 3 * image.width; ++i) {
    std::int64_t sum = 1 << 21;
    for (std::size_t t = 0; t < weights.size(); ++t) {
      const auto y = first + static_cast<std::int64_t>(t);
      sum += static_cast<std::int64_t>(weights[t]) * image.pixels[static_cast<std::size_t>(3 * y * image.width + i)];
    }
    row.push_back(static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> 22, 0, 255)));
  }
  return row;
}

TEST(ResizeKernelsTest, MixingRowsOfAnyLengthIsTheWeightedSum) {
  const std::vector<std::int32_t> weights = {100, 1 << 20, (1 << 22) - (1 << 20) - 77};
  for (std::int64_t width = 1; width < 70; ++width) {
    const Image image = patterned_image(width, 5, static_cast<int>(width));
    std::vector<std::uint8_t> row(static_cast<std::size_t>(3 * width));
    mix_rows(image.pixels.data() + 3 * width, 3 * width, weights.data(), 3, 3 * width, row.data());
    ASSERT_EQ(row, mixed(image, weights, 1)) << width;
  }
}

TEST(ResizeTest, AcrossAndDownAreTheSameSums) {
  for (const Size size : {Size{9, 4}, Size{64, 1}, Size{33, 17}, Size{5, 41}, Size{12, 300}}) {
    const Image image = patterned_image(size.width, size.height, 3);
    Image turned{.width = size.height, .height = size.width, .pixels = {}};
    for (std::int64_t x = 0; x < size.width; ++x) {
      for (std::int64_t y = 0; y < size.height; ++y) {
        const auto pixel = image.pixels.begin() + 3 * (y * size.width + x);
        turned.pixels.insert(turned.pixels.end(), pixel, pixel + 3);
      }
    }
    const Image across = resized(image, {13, size.height}), down = resized(turned, {size.height, 13});
    for (std::int64_t x = 0; x < 13; ++x) {
      for (std::int64_t y = 0; y < size.height; ++y) {
        for (std::int64_t c = 0; c < 3; ++c) {
          ASSERT_EQ(across.pixels[static_cast<std::size_t>(3 * (y * 13 + x) + c)],
                    down.pixels[static_cast<std::size_t>(3 * (x * size.height + y) + c)]);
        }
      }
    }
  }
}

TEST(ResizeTest, ConstantImagesStayConstantAtAnyScale) {
  const Image white{.width = 301, .height = 7, .pixels = std::vector<std::uint8_t>(3 * 301 * 7, 255)};
  for (const Size target : {Size{1, 1}, Size{2, 90}, Size{500, 3}}) {
    const Image result = resized(white, target);
    EXPECT_EQ(result.pixels,
              std::vector<std::uint8_t>(static_cast<std::size_t>(3 * target.width * target.height), 255));
  }
}

}  // namespace
}  // namespace oodml::images
