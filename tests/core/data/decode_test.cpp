#include "core/data/decode.h"

#include <gtest/gtest.h>

#include "core/base/seeds.h"
#include "tests/core/data/golden_case.h"
#include "tests/core/data/sample_files.h"

namespace oodml::data {
namespace {

using Levels = std::vector<std::uint8_t>;

std::string text_of(const Levels& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(DecodeTest, AgreesWithPillowOnEveryKindOfFile) {
  for (const GoldenCase& golden : golden_cases("decode")) {
    SCOPED_TRACE(golden.name);
    const Result<Image> image = decode_image(text_of(golden.bytes("in.file")), golden.name);
    ASSERT_TRUE(image) << image.error().message();
    const Image wanted = golden.image("out.pixels");
    EXPECT_EQ(image->width, wanted.width);
    EXPECT_EQ(image->height, wanted.height);
    EXPECT_LE(largest_difference(image->pixels, wanted.pixels), golden.about["tolerance"]["atol"].get<double>());
  }
}

TEST(DecodeTest, PngRowsComeBackAsWritten) {
  const Image image = patterned_image(9, 4, 1);
  EXPECT_EQ(decode_image(png_bytes(image), "a.png")->pixels, image.pixels);
}

TEST(DecodeTest, NarrowGreyIsStretchedToTheFullRange) {
  using namespace std::string_literals;
  EXPECT_EQ(decode_image(raw_png(2, 1, 1, 0, "\0\x40"s), "x")->pixels, (Levels{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(decode_image(raw_png(2, 1, 2, 0, "\0\x60"s), "x")->pixels, (Levels{85, 85, 85, 170, 170, 170}));
  EXPECT_EQ(decode_image(raw_png(2, 1, 4, 0, "\0\x1F"s), "x")->pixels, (Levels{17, 17, 17, 255, 255, 255}));
}

TEST(DecodeTest, SixteenBitGreyClipsAndSixteenBitColourKeepsItsHighByte) {
  using namespace std::string_literals;
  EXPECT_EQ(decode_image(raw_png(3, 1, 16, 0, "\0\x00\x07\x00\xFF\x01\x02"s), "x")->pixels,
            (Levels{7, 7, 7, 255, 255, 255, 255, 255, 255}));
  EXPECT_EQ(decode_image(raw_png(1, 1, 16, 2, "\0\x12\xFF\x34\xFF\x56\xFF"s), "x")->pixels, (Levels{0x12, 0x34, 0x56}));
}

TEST(DecodeTest, PaletteIndicesBeyondThePaletteAreGreyLevels) {
  using namespace std::string_literals;
  EXPECT_EQ(decode_image(raw_png(2, 1, 8, 3, "\0\x00\x09"s, "\x01\x02\x03"s), "x")->pixels, (Levels{1, 2, 3, 9, 9, 9}));
}

TEST(DecodeTest, InterlacedRowsComeTogether) {
  using namespace std::string_literals;
  // 2 x 2 grey: pass 1 has the upper left pixel, pass 6 the upper right, pass 7 the lower row.
  const Result<Image> image = decode_image(raw_png(2, 2, 8, 0, "\0\x01\0\x02\0\x03\x04"s, "", true), "x");
  ASSERT_TRUE(image) << image.error().message();
  EXPECT_EQ(image->pixels, (Levels{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}));
}

TEST(DecodeTest, EveryTruncationIsAnErrorThatNamesTheFile) {
  const Image image = patterned_image(23, 17, 2);
  for (const std::string& file : {png_bytes(image), jpeg_bytes(image), jpeg_bytes(image, true)}) {
    ASSERT_TRUE(decode_image(file, "whole"));
    for (std::size_t length = 0; length + 16 < file.size(); length += 3) {
      const Result<Image> cut = decode_image(file.substr(0, length), "birds/1.jpg");
      ASSERT_FALSE(cut) << length << " of " << file.size();
      EXPECT_NE(cut.error().message().find("birds/1.jpg"), std::string::npos);
    }
  }
}

TEST(DecodeTest, TruncationIsCalledSo) {
  const std::string jpeg = jpeg_bytes(patterned_image(64, 64, 3));
  const Result<Image> cut = decode_image(jpeg.substr(0, jpeg.size() / 2), "cut.jpg");
  EXPECT_EQ(cut.error(), Status(StatusCode::kDataLoss, "cut.jpg: the JPEG file is truncated"));
}

TEST(DecodeTest, ProgressiveFilesHaveThePixelsOfBaselineOnes) {
  const Image image = patterned_image(45, 30, 6);
  EXPECT_EQ(decode_image(jpeg_bytes(image, true), "p.jpg")->pixels, decode_image(jpeg_bytes(image), "b.jpg")->pixels);
}

TEST(DecodeTest, DamagedBytesNeverCrash) {
  std::vector<std::string> files = {jpeg_bytes(patterned_image(23, 17, 4), true)};
  for (const GoldenCase& golden : golden_cases("decode")) files.push_back(text_of(golden.bytes("in.file")));
  for (const std::string& file : files) {
    oodml::Random random(7);  // gtest has one too
    for (int round = 0; round < 1000; ++round) {
      std::string damaged = file;
      for (int i = 0; i < 3; ++i) {
        const auto place = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(file.size())));
        damaged[place] = static_cast<char>(random.below(256));
      }
      const Result<Image> decoded = decode_image(damaged, "damaged");
      if (!decoded) continue;
      EXPECT_EQ(decoded->pixels.size(), static_cast<std::size_t>(3 * decoded->width * decoded->height));
    }
  }
}

TEST(DecodeTest, BombsAreRefusedBeforeTheirMemoryIsTaken) {
  using namespace std::string_literals;
  const Result<Image> huge = decode_image(raw_png(50000, 50000, 8, 2, "\0"s), "bomb.png");
  EXPECT_EQ(huge.error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(huge.error().message(), "bomb.png: 50000 x 50000 pixels; at most 100000000 are decoded");
  const Result<Image> hollow = decode_image(raw_png(9000, 9000, 8, 2, "\0"s), "hollow.png");
  EXPECT_EQ(hollow.error(), Status(StatusCode::kDataLoss, "hollow.png: the PNG file is truncated"));
}

TEST(DecodeTest, OtherFilesAreRefused) {
  EXPECT_EQ(decode_image("GIF89a", "a.jpg").error().message(), "a.jpg: neither a JPEG nor a PNG file");
  EXPECT_EQ(decode_image("", "a.jpg").error().message(), "a.jpg: the file is empty");
}

}  // namespace
}  // namespace oodml::data
