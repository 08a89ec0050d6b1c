#include "core/images/encode_png.h"

#include <gtest/gtest.h>

#include "core/images/decode.h"
#include "tests/core/images/sample_images.h"

namespace oodml::images {
namespace {

TEST(EncodePngTest, DecodingGivesTheSamePixels) {
  for (const auto& [width, height] : {std::pair{1, 1}, {28, 28}, {3, 200}, {301, 2}}) {
    const Image image = patterned_image(width, height, 5);
    const auto bytes = encode_png(image);
    ASSERT_TRUE(bytes) << bytes.error().message();
    const auto decoded = decode_image(*bytes, "image");
    ASSERT_TRUE(decoded) << decoded.error().message();
    EXPECT_EQ(decoded->width, width);
    EXPECT_EQ(decoded->pixels, image.pixels);
  }
}

TEST(EncodePngTest, AnImageThatIsNoneIsRefused) {
  EXPECT_EQ(encode_png({}).error().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(encode_png({.width = 2, .height = 2, .pixels = {1, 2, 3}}));
}

}  // namespace
}  // namespace oodml::images
