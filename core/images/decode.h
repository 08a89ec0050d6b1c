#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/images/image.h"

namespace oodml::images {

struct JpegPlaces;

inline constexpr std::int64_t kMaxPixels = 100'000'000;
inline constexpr std::uint64_t kMaxImageFileBytes = 128ULL << 20;

/// Decodes the bytes of a JPEG, PNG or WebP file to RGB as Pillow 9.5's open().convert("RGB") does
/// (docs/data.md#decoding): grey replicates, palettes expand, alpha is dropped, CMYK is taken as stored inverted,
/// 16-bit grey clips at 255, other 16-bit samples keep their high byte, gamma and EXIF orientation are ignored. JPEG
/// with the slow-integer DCT and fancy up-sampling. Of an animation the first frame, on black where it leaves some of
/// the image free.
///
/// Failures start with `name`: kDataLoss for truncated or damaged bytes and for other formats, which are called by
/// their name; kInvalidArgument for more than kMaxPixels.
Result<Image> decode_image(std::string_view bytes, const std::string& name);

/// The same pixels, but of a JPEG only about what `choose` wants, and at 1/2, 1/4 or 1/8 of the size where that is
/// allowed. A file whose end is missing, or in which a second picture begins before the first has ended, is refused
/// whatever is wanted of it; damage below and beside the region may go unseen. With `places`, kept from one decoding
/// of a JPEG file to the next, what was decoded before need not be read again for what lies behind it.
Result<ImagePart> decode_part(std::string_view bytes, const std::string& name, const ChooseRegion& choose,
                              JpegPlaces* places = nullptr);

/// What Pillow calls the mode that a file is stored in: 1, L, LA, P, I, RGB, RGBA or CMYK; empty when the header is
/// not that of a readable file.
std::string stored_mode(std::string_view bytes);

/// The decoders behind these, for bytes that start as such a file does.
Result<ImagePart> decode_jpeg(std::string_view bytes, const std::string& name, const ChooseRegion& choose,
                              JpegPlaces* places);
Result<Image> decode_png(std::string_view bytes, const std::string& name);
Result<Image> decode_webp(std::string_view bytes, const std::string& name);
std::string stored_mode_of_webp(std::string_view bytes);

/// kInvalidArgument when width x height is empty or over kMaxPixels.
Status check_image_size(std::uint64_t width, std::uint64_t height, const std::string& name);

}  // namespace oodml::images
