#include "tests/core/images/sample_images.h"

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

#include <cstdlib>
#include <vector>

#include "tests/support/byte_order.h"
#include "tests/support/deflated.h"

namespace oodml::images {
namespace {

using testing::big_endian;

std::string chunk(const std::string& type, std::string_view body) {
  const std::string typed = type + std::string(body);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(typed.data()), static_cast<uInt>(typed.size()));
  return big_endian(static_cast<std::uint32_t>(body.size())) + typed + big_endian(static_cast<std::uint32_t>(crc));
}

}  // namespace

Image patterned_image(std::int64_t width, std::int64_t height, int seed) {
  Image image{.width = width, .height = height, .pixels = {}};
  for (std::int64_t i = 0; i < 3 * width * height; ++i) {
    image.pixels.push_back(static_cast<std::uint8_t>((i * 7 + i / (3 * width) * 5 + seed * 31) % 256));
  }
  return image;
}

std::string png_bytes(const Image& image) {
  std::string rows;
  for (std::int64_t y = 0; y < image.height; ++y) {
    rows += '\0';
    rows.append(reinterpret_cast<const char*>(image.pixels.data()) + 3 * y * image.width,
                static_cast<std::size_t>(3 * image.width));
  }
  return raw_png(static_cast<std::uint32_t>(image.width), static_cast<std::uint32_t>(image.height), 8,
                 PNG_COLOR_TYPE_RGB, rows);
}

std::string raw_png(std::uint32_t width, std::uint32_t height, int depth, int colour, std::string_view rows,
                    std::string_view palette, bool interlaced) {
  const std::string header = big_endian(width) + big_endian(height) + static_cast<char>(depth) +
                             static_cast<char>(colour) + std::string(2, '\0') + static_cast<char>(interlaced);
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + (palette.empty() ? "" : chunk("PLTE", palette)) +
         chunk("IDAT", testing::zlib_deflated(rows)) + chunk("IEND", "");
}

std::string jpeg_bytes(const Image& image, const JpegKind& kind) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = kind.channels;
  info.in_color_space = kind.channels == 1 ? JCS_GRAYSCALE : kind.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  info.comp_info[0].h_samp_factor = kind.channels == 1 ? 1 : kind.across;
  info.comp_info[0].v_samp_factor = kind.channels == 1 ? 1 : kind.down;
  info.restart_in_rows = kind.restart_rows;
  jpeg_set_quality(&info, 90, TRUE);
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    std::vector<std::uint8_t> samples;
    for (std::int64_t x = 0; x < image.width; ++x) {
      const auto* pixel = image.pixels.data() + 3 * (info.next_scanline * image.width + x);
      for (int c = 0; c < kind.channels; ++c) samples.push_back(c < 3 ? pixel[c] : 200);
    }
    JSAMPROW row = samples.data();
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::string file(reinterpret_cast<char*>(bytes), size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
  return file;
}

}  // namespace oodml::images
