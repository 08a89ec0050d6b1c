#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/images/image.h"

namespace oodml::images {

/// An image whose pixels all differ from those of another `seed`.
Image patterned_image(std::int64_t width, std::int64_t height, int seed);

/// RGB in a PNG file, by libpng.
std::string png_bytes(const Image& image);
struct JpegKind {
  bool progressive = false;
  int channels = 3;          ///< 1: the red levels as grey, 4: CMYK of the three and a constant K.
  int across = 2, down = 2;  ///< Chroma is stored at 1/across x 1/down.
  int restart_rows = 0;      ///< Block rows between restart markers.
};
/// The image in a JPEG file of quality 90, by libjpeg.
std::string jpeg_bytes(const Image& image, const JpegKind& kind = {});
/// A PNG file from its parts: colour type and depth as in IHDR, `rows` with filter bytes, an optional palette;
/// interlaced rows come pass by pass.
std::string raw_png(std::uint32_t width, std::uint32_t height, int depth, int colour, std::string_view rows,
                    std::string_view palette = "", bool interlaced = false);

}  // namespace oodml::images
