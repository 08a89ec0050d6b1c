#include "core/images/encode_png.h"

#include <png.h>

namespace oodml::images {

Result<std::string> encode_png(const Image& image) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  png.flags = PNG_IMAGE_FLAG_FAST;
  if (image.width < 1 || image.height < 1 || image.pixels.size() != PNG_IMAGE_SIZE(png)) {
    return invalid_argument("an image of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                            " pixels cannot be written as PNG");
  }
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(png), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&png, bytes.data(), &size, /*convert_to_8_bit=*/0, image.pixels.data(),
                                /*row_stride=*/0, /*colormap=*/nullptr) == 0) {
    return internal_error(std::string("libpng: ") + png.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace oodml::images
