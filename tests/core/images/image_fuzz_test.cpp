// Damaged images: nothing may crash, hang or take much memory, and what is accepted has the pixels libjpeg gives.
#include <gtest/gtest.h>

#include "core/images/decode.h"
#include "core/images/jpeg_places.h"
#include "tests/core/images/plain_jpeg.h"
#include "tests/core/images/sample_images.h"
#include "tests/core/images/webp_samples.h"
#include "tests/support/mutator.h"

namespace oodml::images {
namespace {

using namespace std::string_literals;

testing::Corpus jpeg_files() {
  const Image small = patterned_image(45, 37, 3), wide = patterned_image(200, 9, 1);
  const Image large = patterned_image(150, 110, 2);  // enough for two lanes, of which the second guesses
  return {.seeds = {jpeg_bytes(small), jpeg_bytes(small, {.across = 1, .down = 1}), jpeg_bytes(wide, {.down = 1}),
                    jpeg_bytes(wide, {.channels = 1}), jpeg_bytes(small, {.restart_rows = 1}),
                    jpeg_bytes(small, {.progressive = true}), jpeg_bytes(small, {.channels = 4}), jpeg_bytes(large),
                    jpeg_bytes(large, {.across = 1, .down = 1}), jpeg_bytes(large, {.channels = 1})},
          .words = {"\xFF", "\xFF\xD8", "\xFF\xFE\x00\x04xy"s, jpeg_bytes(patterned_image(8, 8, 2)),
                    "\xFF\xC0\x00\x0B\x08\x00\x25\x00\x2D\x01\x01\x11\x00"s, "\xFF\x00"s, "\xFF\xD0", "\xFF\xD9",
                    "\xFF\xD8\xFF", "\xFF\xC0", "\xFF\xC2", "\xFF\xC4", "\xFF\xDA", "\xFF\xDB",
                    "\xFF\xDD\x00\x04\x00\x01"s, "\xFF\xEE", "\xFF\xDC", "\xFF\xDC\xFF\xDC"}};
}

testing::Corpus png_files() {
  const std::string rows(100, '\0');
  return {.seeds = {png_bytes(patterned_image(9, 7, 4)), raw_png(4, 4, 8, 3, rows, "\x01\x02\x03"),
                    raw_png(7, 5, 1, 0, rows), raw_png(2, 4, 16, 6, rows), raw_png(5, 5, 8, 4, rows, "", true)},
          .words = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "\xFF\xFF\xFF\xFF", "\x00\x00\x00\x00"s}};
}

void expect_image_or_reason(const Result<Image>& image, const std::string& name) {
  if (image) {
    ASSERT_EQ(image->pixels.size(), static_cast<std::size_t>(3 * image->width * image->height));
    return;
  }
  ASSERT_TRUE(image.error().message().starts_with(name + ": ")) << image.error().message();
  for (const char c : image.error().message()) ASSERT_GE(static_cast<unsigned char>(c), 0x20) << "a control character";
}

/// A region near the middle has the pixels of the whole; damage may lie below it, so that only it can be read.
void expect_same_region(const std::string& bytes, const Image& whole) {
  const Box box{whole.height / 3, whole.width / 3, (whole.height + 2) / 3, (whole.width + 2) / 3};
  const auto part = decode_part(bytes, "x", [&](const Size&) { return Wanted{.region = box}; });
  ASSERT_TRUE(part) << part.error().message();
  for (std::int64_t y = 0; y < box.height; ++y) {
    const auto at = [&](const Image& image, std::int64_t top, std::int64_t left) {
      const auto start = image.pixels.begin() + 3 * ((box.top - top + y) * image.width + box.left - left);
      return std::vector<std::uint8_t>(start, start + 3 * box.width);
    };
    ASSERT_EQ(at(part->image, part->top, part->left), at(whole, 0, 0)) << "row " << y;
  }
}

/// Whatever is known of a damaged file from before, and even where that is wrong, the same comes of it or a reason.
void expect_same_with_places(const std::string& bytes, std::uint64_t number) {
  JpegPlaces places;
  for (const double reducible : {1.0, 2.0, 4.5, 1.0, 3.0}) {
    const auto choose = [&](const Size& size) {
      const std::int64_t high = (size.height + 1) / 2, wide = (size.width + 1) / 2, down = size.height - high;
      return Wanted{{reducible > 2.0 ? down : down / 2, size.width - wide, high, wide}, reducible};
    };
    const auto with = decode_part(bytes, "x", choose, &places), without = decode_part(bytes, "x", choose);
    ASSERT_EQ(with.has_value(), without.has_value());
    if (!with) continue;
    ASSERT_EQ(with->image.pixels, without->image.pixels);
  }
  for (JpegPlaces::Place& place : places.places) place.bit ^= static_cast<std::uint32_t>(number << (number % 23));
  for (std::uint16_t& length : places.lengths) length ^= static_cast<std::uint16_t>(number);
  for (const double reducible : {1.0, 2.0, 8.0}) {
    (void)decode_part(
        bytes, "x", [&](const Size& size) { return Wanted{{size.height / 2, 0, 1, 1}, reducible}; }, &places);
  }
}

TEST(ImageFuzzTest, DamagedJpegsAreRefusedOrHaveThePixelsOfLibjpeg) {
  const testing::Corpus corpus = jpeg_files();
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    if (bytes.size() > 3 && !bytes.starts_with("\xFF\xD8\xFF")) return;
    const Result<Image> image = decode_image(bytes, "damaged.jpg");
    expect_image_or_reason(image, "damaged.jpg");
    expect_same_with_places(bytes, number);
    if (!image) {
      ASSERT_GE(number, corpus.seeds.size()) << image.error().message();
      return;
    }
    expect_same_region(bytes, *image);
    const std::optional<Image> plain = plain_jpeg(bytes);
    ASSERT_TRUE(plain);
    ASSERT_TRUE(plain->pixels.empty() || plain->pixels == image->pixels);
  });
}

TEST(ImageFuzzTest, DamagedPngsAreRefusedOrWhole) {
  const testing::Corpus corpus = png_files();
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    const Result<Image> image = decode_image(bytes, "damaged.png");
    expect_image_or_reason(image, "damaged.png");
    ASSERT_TRUE(image || number >= corpus.seeds.size()) << image.error().message();
  });
}

TEST(ImageFuzzTest, DamagedWebpsAreRefusedOrWhole) {
  testing::Corpus corpus{.seeds = {},
                         .words = {"RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "ICCP", "EXIF",
                                   "\x9D\x01\x2A", "\x2F", "\xFF\xFF\xFF\xFF", "\x00\x00\x00\x00"s, "\xFF\x3F"}};
  for (const WebpSample& sample : webp_samples()) corpus.seeds.push_back(sample.file);
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    const Result<Image> image = decode_image(bytes, "damaged.webp");
    expect_image_or_reason(image, "damaged.webp");
    ASSERT_TRUE(image || number >= corpus.seeds.size()) << image.error().message();
    (void)stored_mode(bytes);
  });
}

TEST(ImageFuzzTest, HeadersThatAnnounceBombsAreRefused) {
  std::string jpeg = jpeg_bytes(patterned_image(16, 16, 1));
  const std::size_t frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\xFF\xDC\xFF\xDC");  // 65500 x 65500
  EXPECT_EQ(decode_image(jpeg, "bomb.jpg").error().message(),
            "bomb.jpg: 65500 x 65500 pixels; at most 100000000 are decoded");
  EXPECT_EQ(decode_image(raw_png(65500, 65500, 8, 2, "\0"s), "bomb.png").error().message(),
            "bomb.png: 65500 x 65500 pixels; at most 100000000 are decoded");
}

}  // namespace
}  // namespace oodml::images
