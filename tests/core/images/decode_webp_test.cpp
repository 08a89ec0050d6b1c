#include <gtest/gtest.h>

#include "core/images/decode.h"
#include "tests/core/images/webp_samples.h"

namespace oodml::images {
namespace {

using namespace std::string_literals;

TEST(DecodeWebpTest, PixelsAndModesAreThoseOfPillow) {
  for (const WebpSample& sample : webp_samples()) {
    const Result<Image> image = decode_image(sample.file, "named.jpg");
    ASSERT_TRUE(image) << sample.name << ": " << image.error().message();
    EXPECT_EQ(image->width, 9);
    EXPECT_EQ(image->height, 7);
    EXPECT_EQ(std::string(image->pixels.begin(), image->pixels.end()), sample.rgb) << sample.name;
    EXPECT_EQ(stored_mode(sample.file), sample.mode) << sample.name;
  }
}

TEST(DecodeWebpTest, APartIsTheWholeImage) {
  const WebpSample sample = webp_samples().front();
  const auto part = decode_part(sample.file, "a", [](const Size& size) {
    EXPECT_EQ(size, (Size{9, 7}));
    return Wanted{.region = {1, 2, 3, 4}, .reducible = 8};
  });
  ASSERT_TRUE(part) << part.error().message();
  EXPECT_EQ(part->scaled, (Size{9, 7}));
  EXPECT_EQ(std::string(part->image.pixels.begin(), part->image.pixels.end()), sample.rgb);
}

TEST(DecodeWebpTest, EveryTruncationIsAnErrorThatNamesTheFile) {
  for (const WebpSample& sample : webp_samples()) {
    for (std::size_t length = 0; length < sample.file.size(); ++length) {
      const Result<Image> cut = decode_image(std::string_view(sample.file).substr(0, length), "birds/1.webp");
      ASSERT_FALSE(cut) << sample.name << ", " << length << " of " << sample.file.size();
      ASSERT_TRUE(cut.error().message().starts_with("birds/1.webp: ")) << cut.error().message();
    }
  }
  const WebpSample sample = webp_samples().front();
  EXPECT_EQ(decode_image(sample.file.substr(0, sample.file.size() / 2), "cut.webp").error(),
            Status(StatusCode::kDataLoss, "cut.webp: the WebP file is truncated"));
}

TEST(DecodeWebpTest, ACanvasThatIsTooLargeIsRefusedBeforeItsMemoryIsTaken) {
  std::string file = webp_samples().back().file;
  const std::size_t canvas = file.find("VP8X") + 12;
  file.replace(canvas, 6, "\xFF\xFF\0\xFE\xFF\0"s);  // 65536 x 65535
  EXPECT_EQ(decode_image(file, "bomb.webp").error().message(),
            "bomb.webp: 65536 x 65535 pixels; at most 100000000 are decoded");
}

}  // namespace
}  // namespace oodml::images
