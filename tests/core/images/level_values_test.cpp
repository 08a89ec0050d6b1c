#include "core/images/level_values.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

TEST(LevelValuesTest, RowsOfEveryLengthHaveTheQuotients) {
  const Image image = patterned_image(61, 1, 4);
  for (const char* arch : {"resnet50_frozen_normalize", "bninception", "bit"}) {
    const Normalisation normalisation = normalisation_of(arch);
    const LevelValues values(normalisation);
    for (std::int64_t width = 1; width <= 61; ++width) {
      for (const bool flip : {false, true}) {
        std::vector<float> planes(static_cast<std::size_t>(3 * width), -9.0F);
        values.write_row(image.pixels.data(), image.pixels.data() + 3 * width, width, flip, planes.data(),
                         planes.data() + width, planes.data() + 2 * width);
        for (std::int64_t i = 0; i < 3 * width; ++i) {
          const auto channel = static_cast<std::size_t>(i / width);
          const std::int64_t x = flip ? width - 1 - i % width : i % width;
          const auto level = static_cast<float>(image.pixels[static_cast<std::size_t>(3 * x) + channel]);
          const float quotient = (level / 255.0F - normalisation.mean[channel]) / normalisation.std[channel];
          ASSERT_EQ(planes[static_cast<std::size_t>(i)], quotient) << arch << ' ' << width << ' ' << i << ' ' << flip;
        }
      }
    }
  }
}

TEST(LevelValuesTest, DeviationsWhoseProductsDifferAreDivided) {
  for (int i = 1; i < 200; ++i) {
    const float std = 0.003F + 0.00371F * static_cast<float>(i), mean = 0.9F / static_cast<float>(i);
    const LevelValues values({.mean = {mean, mean, mean}, .std = {std, std, std}});
    for (std::int64_t first = 0; first < 256; first += 8) {
      std::vector<std::uint8_t> row;
      for (std::int64_t k = 0; k < 24; ++k) row.push_back(static_cast<std::uint8_t>(first + k / 3));
      row.resize(40);
      std::array<float, 8> red, green, blue;
      values.write_row(row.data(), row.data() + row.size(), 8, false, red.data(), green.data(), blue.data());
      for (std::size_t k = 0; k < 8; ++k) {
        const auto level = static_cast<float>(first + static_cast<std::int64_t>(k));
        ASSERT_EQ(green[k], (level / 255.0F - mean) / std) << std << ' ' << level;
      }
    }
  }
}

}  // namespace
}  // namespace oodml::images
