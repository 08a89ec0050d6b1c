#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::data {

inline constexpr std::int64_t kMaxPixels = 100'000'000;
inline constexpr std::uint64_t kMaxImageFileBytes = 128ULL << 20;

/// Decodes the bytes of a JPEG or PNG file to RGB as Pillow 9.5's open().convert("RGB") does (training.md 2.1):
/// grey replicates, palettes expand, alpha is dropped, CMYK is taken as stored inverted, 16-bit grey clips at
/// 255, other 16-bit samples keep their high byte, gamma and EXIF orientation are ignored. JPEG with the
/// slow-integer DCT and fancy up-sampling.
///
/// Failures start with `name`: kDataLoss for truncated or damaged bytes, kInvalidArgument for other formats and
/// for more than kMaxPixels.
Result<Image> decode_image(std::string_view bytes, const std::string& name);

/// The two decoders behind decode_image, for bytes that start as such a file does.
Result<Image> decode_jpeg(std::string_view bytes, const std::string& name);
Result<Image> decode_png(std::string_view bytes, const std::string& name);

/// kInvalidArgument when width x height is empty or over kMaxPixels.
Status check_image_size(std::uint64_t width, std::uint64_t height, const std::string& name);

}  // namespace oodml::data
