#include "core/images/decode.h"

#include <gtest/gtest.h>

#include "core/base/seeds.h"
#include "core/images/jpeg_places.h"
#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

using Levels = std::vector<std::uint8_t>;

/// A PNG of each colour type and an interlaced one, JPEGs of each kind.
std::vector<std::string> files_of_every_kind() {
  const Image image = patterned_image(23, 17, 4);
  const std::string rows(40, '\0');
  return {png_bytes(image),
          raw_png(4, 4, 8, 0, rows),
          raw_png(4, 4, 8, 3, rows, "\x01\x02\x03"),
          raw_png(3, 4, 8, 4, rows),
          raw_png(2, 4, 8, 6, rows),
          raw_png(2, 4, 16, 0, rows, "", true),
          jpeg_bytes(image),
          jpeg_bytes(image, {.progressive = true}),
          jpeg_bytes(image, {.channels = 1}),
          jpeg_bytes(image, {.channels = 4})};
}

/// The rows and columns of `image` that lie in `box`.
Levels cut(const Image& image, const Box& box) {
  Levels pixels;
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const auto row = image.pixels.begin() + 3 * (y * image.width + box.left);
    pixels.insert(pixels.end(), row, row + 3 * box.width);
  }
  return pixels;
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
  for (const std::string& file : {png_bytes(image), jpeg_bytes(image), jpeg_bytes(image, {.progressive = true})}) {
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
  EXPECT_EQ(decode_image(jpeg_bytes(image, {.progressive = true}), "p.jpg")->pixels,
            decode_image(jpeg_bytes(image), "b.jpg")->pixels);
}

TEST(DecodeTest, DamagedBytesNeverCrash) {
  for (const std::string& file : files_of_every_kind()) {
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

TEST(DecodeTest, EveryKindOfFileIsRead) {
  for (const std::string& file : files_of_every_kind()) EXPECT_TRUE(decode_image(file, "x"));
}

TEST(DecodeTest, TheStoredModeHasPillowsName) {
  const std::vector<std::string> wanted = {"RGB", "L", "P", "LA", "RGBA", "I", "RGB", "RGB", "L", "CMYK"};
  const std::vector<std::string> files = files_of_every_kind();
  for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ(stored_mode(files[i]), wanted[i]) << i;
  EXPECT_EQ(stored_mode(raw_png(1, 1, 1, 0, std::string(2, '\0'))), "1");
  for (const char* damaged : {"", "GIF89a", "\xFF\xD8\xFF", "\xFF\xD8\xFF\xE0\xFF\xFF", "\x89PNG\r\n\x1A\n"}) {
    EXPECT_EQ(stored_mode(damaged), "");
  }
}

TEST(DecodePartTest, ARegionHasThePixelsOfTheWhole) {
  oodml::Random random(12);
  for (const auto& [across, down] : std::vector<std::pair<int, int>>{{2, 2}, {2, 1}, {1, 1}, {1, 2}, {4, 1}}) {
    for (const JpegKind more : {JpegKind{}, JpegKind{.progressive = true}, JpegKind{.channels = 1},
                                JpegKind{.channels = 4}, JpegKind{.restart_rows = 1}}) {
      JpegKind kind = more;
      kind.across = across;
      kind.down = down;
      const std::string file = jpeg_bytes(patterned_image(203, 171, across + down), kind);
      const Image whole = *decode_image(file, "whole");
      for (int round = 0; round < 30; ++round) {
        Box box{random.below(171), random.below(203), 0, 0};
        box.height = 1 + random.below(171 - box.top);
        box.width = 1 + random.below(203 - box.left);
        const auto part = decode_part(file, "part", [&](const Size& size) {
          EXPECT_EQ(size, (Size{203, 171}));
          return Wanted{.region = box};
        });
        ASSERT_TRUE(part) << part.error().message();
        EXPECT_EQ(part->full, (Size{203, 171}));
        EXPECT_EQ(part->scaled, (Size{203, 171}));
        const Box inside{box.top - part->top, box.left - part->left, box.height, box.width};
        ASSERT_GE(inside.top, 0);
        ASSERT_GE(inside.left, 0);
        ASSERT_LE(inside.top + inside.height, part->image.height);
        ASSERT_LE(inside.left + inside.width, part->image.width);
        ASSERT_EQ(cut(part->image, inside), cut(whole, box)) << across << down << kind.channels;
      }
    }
  }
}

TEST(DecodePartTest, LessIsDecodedThanTheWhole) {
  const std::string file = jpeg_bytes(patterned_image(400, 300, 1));
  const auto part = decode_part(file, "a", [](const Size&) { return Wanted{.region = {100, 200, 50, 60}}; });
  EXPECT_LE(part->image.width * part->image.height, 160 * 150);
}

/// A region anywhere in the image, allowed to come `reducible` times smaller.
Wanted some_region(const Size& size, Random& random, double reducible) {
  const std::int64_t height = 1 + random.below(size.height), width = 1 + random.below(size.width);
  return {{random.below(size.height - height + 1), random.below(size.width - width + 1), height, width}, reducible};
}

TEST(DecodePartTest, PlacesKnownFromBeforeChangeNoPixel) {
  const Image small = patterned_image(301, 203, 3), wide = patterned_image(700, 20, 1);
  const std::vector<std::string> files = {jpeg_bytes(small),
                                          jpeg_bytes(small, {.across = 1, .down = 1}),
                                          jpeg_bytes(wide, {.channels = 1}),
                                          jpeg_bytes(wide, {.channels = 4}),
                                          jpeg_bytes(small, {.restart_rows = 1}),
                                          jpeg_bytes(small, {.progressive = true})};
  for (std::size_t i = 0; i < files.size(); ++i) {
    Random random(7);
    JpegPlaces places;
    for (int round = 0; round < 60; ++round) {
      Wanted wanted;
      const auto choose = [&](const Size& size) {
        return wanted = some_region(size, random, random.uniform() < 0.5 ? 1.0 : random.uniform(1.0, 10.0));
      };
      const auto with = decode_part(files[i], "a.jpg", choose, &places);
      const auto without = decode_part(files[i], "a.jpg", [&](const Size&) { return wanted; });
      ASSERT_TRUE(with && without);
      ASSERT_EQ(with->image.pixels, without->image.pixels) << "file " << i << ", round " << round;
    }
    EXPECT_EQ(places.places.empty(), i >= 4) << "of restart markers and several scans nothing is kept";
    EXPECT_EQ(places.lengths.empty(), i >= 4);
  }
}

TEST(DecodePartTest, PlacesOfAnotherFileAreForgotten) {
  const std::string first = jpeg_bytes(patterned_image(301, 203, 3)), second = jpeg_bytes(patterned_image(301, 203, 4));
  const auto near_the_end = [](const Size& size) { return Wanted{.region = {size.height - 9, size.width - 9, 9, 9}}; };
  JpegPlaces places;
  ASSERT_TRUE(decode_part(first, "a.jpg", near_the_end, &places));
  const auto with = decode_part(second, "a.jpg", near_the_end, &places);
  const auto without = decode_part(second, "a.jpg", near_the_end);
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->image.pixels, without->image.pixels);
}

TEST(DecodePartTest, AMissingEndIsSeenWhateverIsWanted) {
  const std::string file = jpeg_bytes(patterned_image(400, 300, 1));
  const auto top = [](const Size&) { return Wanted{.region = {0, 0, 8, 8}}; };
  EXPECT_TRUE(decode_part(file, "a", top));
  const auto cut = decode_part(file.substr(0, file.size() - 100), "a.jpg", top);
  EXPECT_EQ(cut.error(), Status(StatusCode::kDataLoss, "a.jpg: the JPEG file is truncated"));
}

TEST(DecodePartTest, LargeImagesComeSmallerAsFarAsAllowed) {
  const std::string file = jpeg_bytes(patterned_image(401, 299, 1));
  const auto scaled = [&](double reducible) {
    const Wanted wanted{.region = {0, 0, 299, 401}, .reducible = reducible};
    return decode_part(file, "a", [&](const Size&) { return wanted; })->scaled;
  };
  EXPECT_EQ(scaled(1.0), (Size{401, 299}));
  EXPECT_EQ(scaled(1.9), (Size{401, 299}));
  EXPECT_EQ(scaled(2.0), (Size{201, 150}));
  EXPECT_EQ(scaled(7.9), (Size{101, 75}));
  EXPECT_EQ(scaled(100.0), (Size{51, 38}));
}

TEST(DecodeTest, ASecondPictureBeforeTheEndMarkIsRefusedAsPillowDoes) {
  const auto top = [](const Size&) { return Wanted{.region = {0, 0, 8, 8}}; };
  for (const JpegKind kind : {JpegKind{}, JpegKind{.restart_rows = 1}, JpegKind{.channels = 1}, JpegKind{.channels = 4},
                              JpegKind{.progressive = true}}) {
    const std::string first = jpeg_bytes(patterned_image(64, 48, 1), kind),
                      second = jpeg_bytes(patterned_image(64, 48, 2));
    const std::string open = first.substr(0, first.size() - 2), end = first.substr(first.size() - 2);
    for (const std::string& damaged : {open + second, open + "\xFF\xD8" + end, open + "\xFF\xC3" + end}) {
      EXPECT_TRUE(decode_image(damaged, "a").error().message().starts_with("a: damaged JPEG: "));
      EXPECT_FALSE(decode_part(damaged, "a", top)) << "whatever is wanted of it";
    }
    const std::string comment = "\xFF\xFE" + std::string("\0\4xy", 4);
    for (const std::string& whole : {first + second, open + comment + end, open + "\xFF" + end, open + "abc" + end}) {
      const auto image = decode_image(whole, "a");
      ASSERT_TRUE(image) << image.error().message();
      EXPECT_EQ(image->pixels, decode_image(first, "a")->pixels);
      EXPECT_TRUE(decode_part(whole, "a", top));
    }
  }
}

TEST(DecodeTest, OtherFilesAreCalledByTheirName) {
  using namespace std::string_literals;
  const auto refused = [](const std::string& bytes) { return decode_image(bytes, "a.jpg").error(); };
  const auto told = [](const std::string& kind) {
    return Status(StatusCode::kDataLoss, "a.jpg: " + kind + "; JPEG, PNG and WebP files are read");
  };
  EXPECT_EQ(refused("GIF89a"), told("a GIF image"));
  EXPECT_EQ(refused("\n<!doctype html>\n<title>404"), told("an HTML page, as servers send in place of a file"));
  EXPECT_EQ(refused("\0\0\0\x18"
                    "ftypheic\0\0\0\0"s),
            told("a HEIC image"));
  EXPECT_EQ(refused("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
            told("a Git LFS pointer: the file itself was not fetched (git lfs pull)"));
  EXPECT_EQ(refused("../pictures/1.jpg"), told("a text file"));
  EXPECT_EQ(refused(std::string(5000, '\0')), told("nothing but zero bytes"));
  EXPECT_EQ(refused("\xFF\xD8"), told("the beginning of an image, all else is missing"));
  EXPECT_EQ(refused("\x01\x02\x03\x04"),
            Status(StatusCode::kDataLoss, "a.jpg: neither a JPEG nor a PNG nor a WebP file"));
  EXPECT_EQ(decode_image("", "a.jpg").error().message(), "a.jpg: the file is empty");
}

}  // namespace
}  // namespace oodml::images
