#include "core/images/colour.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/sha256.h"
#include "core/images/image.h"

namespace oodml::images {
namespace {

using Levels = std::vector<std::uint8_t>;

/// Each fifth level of every channel with each of the others: 140 608 colours.
Levels many_colours() {
  Levels rgb;
  for (int red = 0; red < 256; red += 5) {
    for (int green = 0; green < 256; green += 5) {
      for (int blue = 0; blue < 256; blue += 5) {
        for (const int level : {red, green, blue}) rgb.push_back(static_cast<std::uint8_t>(level));
      }
    }
  }
  return rgb;
}

std::string hash_of(const Levels& rgb) { return sha256_hex({reinterpret_cast<const char*>(rgb.data()), rgb.size()}); }

std::string hash_after(void (*operation)(std::span<std::uint8_t>, double), double value) {
  Levels rgb = many_colours();
  operation(rgb, value);
  return hash_of(rgb);
}

// The hashes are those of Pillow 9.5.0 (ImageEnhance; hue as torchvision turns it) on the same colours.
TEST(ColourTest, GreyEqualsPillow) {
  Levels rgb = many_colours();
  make_grey(rgb);
  EXPECT_EQ(hash_of(rgb), "b37dcfc56f511594f6b68a92ca2c27f9e62c9926403b0e072201ae2f4ce09ec4");
}

TEST(ColourTest, BrightnessEqualsPillow) {
  EXPECT_EQ(hash_after(adjust_brightness, 0.8037), "69fbac0772717571699c24eeb8b354c0da06a3f39eb221658f336f993e8d80d9");
  EXPECT_EQ(hash_after(adjust_brightness, 1.1944), "519cd83a9724e4b41b6b783e4a49c3835122d5f858013ff24accfb4daefca1d3");
}

TEST(ColourTest, ContrastEqualsPillow) {
  EXPECT_EQ(hash_after(adjust_contrast, 0.8037), "8a754ec4ca620394d3a1e537e47ba6392bfb62effb9d37cb3f6f0422bf1198b7");
  EXPECT_EQ(hash_after(adjust_contrast, 1.1944), "8250e51ec5b30a53d18e6af2a20192b4790a1c7985e9540a780d487913bb41e5");
}

TEST(ColourTest, SaturationEqualsPillow) {
  EXPECT_EQ(hash_after(adjust_saturation, 0.8037), "8a1d0958fffd38122dffa783f72efa1ffda6784c868fb964742962aaa83f8376");
  EXPECT_EQ(hash_after(adjust_saturation, 1.1944), "f69255e76b70357bd6ce12a09f1c6e9be38c681f78c68f066f4b7bc0e773b0eb");
}

TEST(ColourTest, HueEqualsPillow) {
  EXPECT_EQ(hash_after(shift_hue, -0.1931), "228d7e075edf4eec5a2dffe9947ea4bc4566034a4e4b767bccf0ff6f84bda129");
  EXPECT_EQ(hash_after(shift_hue, 0.0), "21bcc2fc1f5fb4ddd4648fa0094a036697a90eca4ef5bcc38dbab39c043a0c83");
  EXPECT_EQ(hash_after(shift_hue, 0.1177), "0e03e950760a50ba2479890be614b27fd7b390dd5356ca29c2177c8f1aa58390");
}

TEST(ColourTest, FactorOneChangesNothing) {
  const Levels before = many_colours();
  for (const auto operation : {adjust_brightness, adjust_contrast, adjust_saturation}) {
    Levels rgb = before;
    operation(rgb, 1.0);
    EXPECT_EQ(rgb, before);
  }
}

TEST(ColourTest, ContrastWithFactorZeroIsTheRoundedMeanOfTheLuminance) {
  Levels rgb = {0, 0, 0, 3, 3, 3};  // mean 1.5
  adjust_contrast(rgb, 0.0);
  EXPECT_EQ(rgb, Levels(6, 2));
}

TEST(ColourTest, BlendsTruncateAndClip) {
  Levels rgb = {99, 10, 250};
  adjust_brightness(rgb, 1.19);
  EXPECT_EQ(rgb, (Levels{117, 11, 255}));  // 117.81, 11.9, 297.5
}

TEST(ColourTest, NoPixelsAreNoProblem) {
  Levels none;
  ColourJitter{.contrast = 0.9, .hue = 0.1}.apply(none);
  make_grey(none);
  EXPECT_TRUE(none.empty());
}

TEST(ColourJitterTest, EveryOrderIsAsLikelyAndFactorsStayInTheirRange) {
  oodml::Random random(5);
  std::map<std::array<ColourJitter::Operation, 4>, int> orders;
  constexpr int kRounds = 24000;
  double sum = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    const ColourJitter jitter = ColourJitter::drawn(random);
    ++orders[jitter.order];
    for (const double factor : {jitter.brightness, jitter.contrast, jitter.saturation, 1.0 + jitter.hue}) {
      ASSERT_GE(factor, 0.8);
      ASSERT_LE(factor, 1.2);
      sum += factor;
    }
  }
  ASSERT_EQ(orders.size(), 24U);
  double chi_squared = 0.0;
  for (const auto& [order, count] : orders) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 49.7);  // 23 degrees of freedom, p = 0.001
  EXPECT_NEAR(sum / (4 * kRounds), 1.0, 0.002);
}

TEST(ColourJitterTest, OperationsComeInTheOrderOfTheList) {
  using enum ColourJitter::Operation;
  const ColourJitter jitter{.order = {kHue, kContrast, kSaturation, kBrightness},
                            .brightness = 1.1,
                            .contrast = 0.9,
                            .saturation = 1.2,
                            .hue = -0.1};
  Levels together = many_colours(), apart = together;
  jitter.apply(together);
  shift_hue(apart, -0.1);
  adjust_contrast(apart, 0.9);
  adjust_saturation(apart, 1.2);
  adjust_brightness(apart, 1.1);
  EXPECT_EQ(together, apart);
}

}  // namespace
}  // namespace oodml::images
