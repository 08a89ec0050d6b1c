#include "tests/core/images/plain_jpeg.h"

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jerror.h>
#include <jpeglib.h>

#include <stdexcept>

namespace oodml::images {
namespace {

[[noreturn]] void refuse(j_common_ptr) { throw std::runtime_error("refused"); }

struct EndOfFile {};

void on_message(j_common_ptr info, int level) {
  if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) throw EndOfFile();
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

/// As Pillow does: an end that is missing is forgiven where all rows are there.
void finish(jpeg_decompress_struct& info) {
  try {
    jpeg_finish_decompress(&info);
  } catch (const EndOfFile&) {
  }
}

Image read(std::string_view bytes) {
  Reader reader;
  jpeg_decompress_struct& info = reader.info;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  const bool inverted = info.num_components == 4;
  info.out_color_space = inverted ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&info);
  Image image{.width = info.output_width, .height = info.output_height, .pixels = {}};
  const auto row_bytes = static_cast<std::size_t>(info.output_components) * info.output_width;
  image.pixels.resize(row_bytes * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.pixels.data() + info.output_scanline * row_bytes;
    jpeg_read_scanlines(&info, &row, 1);
  }
  finish(info);
  if (inverted) image.pixels.clear();
  return image;
}

}  // namespace

std::optional<Image> plain_jpeg(std::string_view bytes) {
  try {
    return read(bytes);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  } catch (const EndOfFile&) {
    return std::nullopt;
  }
}

}  // namespace oodml::images
