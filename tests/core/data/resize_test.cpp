#include "core/data/resize.h"

#include <gtest/gtest.h>

#include "tests/core/data/golden_case.h"
#include "tests/core/data/sample_files.h"

namespace oodml::data {
namespace {

TEST(ResizeTest, EqualsPillowBitForBit) {
  for (const GoldenCase& golden : golden_cases("resize")) {
    SCOPED_TRACE(golden.name);
    const Image result = resized(golden.image("in.pixels"), {golden.integer("width"), golden.integer("height")});
    EXPECT_EQ(result.pixels, golden.bytes("out.pixels"));
  }
}

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
    Resizer().resize(image, {0, 0, 29, 37}, target, wanted, part.data(), 3 * 11);
    for (std::int64_t y = 0; y < wanted.height; ++y) {
      for (std::int64_t i = 0; i < 3 * wanted.width; ++i) {
        const auto place = static_cast<std::size_t>(3 * ((y + wanted.top) * target.width + wanted.left) + i);
        ASSERT_EQ(part[static_cast<std::size_t>(y * 33 + i)], whole.pixels[place])
            << target.width << " " << y << " " << i;
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
}  // namespace oodml::data
