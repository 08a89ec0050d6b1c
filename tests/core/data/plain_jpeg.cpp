#include "tests/core/data/plain_jpeg.h"

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jerror.h>
#include <jpeglib.h>

#include <stdexcept>

namespace oodml::data {
namespace {

[[noreturn]] void refuse(j_common_ptr) { throw std::runtime_error("refused"); }

void on_message(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) refuse(info);
}

/// libjpeg's frames let exceptions through: C compiled for this system has unwind tables, and owns nothing there.
struct Reader {
  Reader() {
    info.err = jpeg_std_error(&errors);
    errors.error_exit = refuse;
    errors.emit_message = on_message;
    jpeg_create_decompress(&info);
  }
  ~Reader() { jpeg_destroy_decompress(&info); }

  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
};

Image read(std::string_view bytes) {
  Reader reader;
  jpeg_decompress_struct& info = reader.info;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  if (info.num_components == 4) return {.width = info.image_width, .height = info.image_height, .pixels = {}};
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  Image image{.width = info.output_width, .height = info.output_height, .pixels = {}};
  image.pixels.resize(static_cast<std::size_t>(3 * image.width * image.height));
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.pixels.data() + std::size_t{3} * info.output_scanline * info.output_width;
    jpeg_read_scanlines(&info, &row, 1);
  }
  return image;
}

}  // namespace

std::optional<Image> plain_jpeg(std::string_view bytes) {
  try {
    return read(bytes);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace oodml::data
