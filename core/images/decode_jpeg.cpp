#include <algorithm>
#include <optional>

#include "core/base/printable.h"
#include "core/images/decode.h"
#include "core/images/jpeg_decoder.h"
#include "core/images/jpeg_places.h"
#include "core/images/jpeg_scan.h"

namespace oodml::images {
namespace {

/// The largest that leaves what is wanted.
int reduction_for(const Wanted& wanted) {
  int reduction = 1;
  while (reduction < 8 && wanted.reducible >= 2 * reduction) reduction *= 2;
  return reduction;
}

/// The region in the decoded image, from whole blocks on and with a few pixels more on each side: up-sampling takes
/// one chroma sample beside each, and treats the edge of what it sees as that of the image.
JpegRegion region_around(const Wanted& wanted, const jpeg_decompress_struct& info, int reduction) {
  constexpr std::int64_t kMargin = 4;
  const auto clipped = [&](std::int64_t from, std::int64_t length, std::int64_t block, std::int64_t limit) {
    const std::int64_t first = std::max<std::int64_t>(0, from - kMargin) / block * block;
    const std::int64_t start = std::min(first / reduction, limit - 1);
    const std::int64_t end = std::clamp((from + length + kMargin) / reduction + 1, start + 1, limit);
    return std::pair(static_cast<JDIMENSION>(start), static_cast<JDIMENSION>(end - start));
  };
  const auto [left, width] =
      clipped(wanted.region.left, wanted.region.width, info.max_h_samp_factor * DCTSIZE, info.output_width);
  const auto [top, height] =
      clipped(wanted.region.top, wanted.region.height, info.max_v_samp_factor * DCTSIZE, info.output_height);
  return {left, width, top, height};
}

/// Pillow's product of two levels, a * b / 255 rounded.
int scaled(int a, int b) {
  const int product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

void grey_to_rgb(const std::vector<std::uint8_t>& grey, std::uint8_t* rgb) {
  for (const std::uint8_t level : grey) {
    for (int channel = 0; channel < 3; ++channel) *rgb++ = level;
  }
}

void inverted_cmyk_to_rgb(const std::vector<std::uint8_t>& cmyk, std::uint8_t* rgb) {
  for (std::size_t i = 0; i < cmyk.size(); i += 4) {
    const int light = cmyk[i + 3];  // 255 - K
    for (int channel = 0; channel < 3; ++channel) {
      *rgb++ = static_cast<std::uint8_t>(light - scaled(255 - cmyk[i + channel], light));
    }
  }
}

Failure damaged(const JpegDecoder& decoder, const std::string& name) {
  const std::string reason =
      decoder.truncated ? "the JPEG file is truncated" : "damaged JPEG: " + printable(decoder.message);
  return failure(StatusCode::kDataLoss, name + ": " + reason);
}

/// Samples of one, three or four channels to RGB.
std::vector<std::uint8_t> to_rgb(std::vector<std::uint8_t> samples, std::size_t channels) {
  if (channels == 3) return samples;
  std::vector<std::uint8_t> rgb(samples.size() / channels * 3);
  (channels == 1 ? grey_to_rgb : inverted_cmyk_to_rgb)(samples, rgb.data());
  return rgb;
}

Result<ImagePart> read_region(JpegDecoder& decoder, const Wanted& wanted, const std::string& name, JpegScan* scan) {
  const int reduction = reduction_for(wanted);
  if (!start_jpeg(decoder, reduction)) return damaged(decoder, name);
  const jpeg_decompress_struct& info = decoder.info;
  const double reducible = reduction > 1 ? wanted.reducible : 1.0;
  const bool whole_file = (scan != nullptr && scan->take_over(decoder.info, reducible)) || jpeg_is_whole(decoder.info);
  const Size scaled{info.output_width + 0L, info.output_height + 0L};  // before columns are left out
  JpegRegion region = region_around(wanted, info, reduction);
  if (!whole_file || info.progressive_mode) region = {0, info.output_width, 0, info.output_height};
  const auto bottom = static_cast<std::size_t>(region.top + region.height) * static_cast<std::size_t>(reduction);
  if (scan != nullptr) scan->read_until(info, bottom);
  if (!enter_jpeg_region(decoder, region)) return damaged(decoder, name);

  const auto channels = static_cast<std::size_t>(info.out_color_components);
  const std::size_t row_bytes = region.width * channels;
  std::vector<std::uint8_t> samples = room_for_levels(region.height * row_bytes);
  if (!read_jpeg_rows(decoder, samples.data(), row_bytes, region.height)) return damaged(decoder, name);
  if (!whole_file && !read_to_jpeg_end_mark(decoder)) return damaged(decoder, name);
  return ImagePart{.image = {region.width, region.height, to_rgb(std::move(samples), channels)},
                   .top = region.top,
                   .left = region.left,
                   .full = {info.image_width, info.image_height},
                   .scaled = scaled};
}

Result<ImagePart> read_image(JpegDecoder& decoder, std::string_view bytes, const std::string& name,
                             const ChooseRegion& choose, JpegScan* scan) {
  if (!read_jpeg_header(decoder, bytes)) return damaged(decoder, name);
  const int channels = decoder.info.num_components;
  if (channels != 1 && channels != 3 && channels != 4) {
    return invalid_argument(name + ": a JPEG of " + std::to_string(channels) + " channels; 1, 3 and 4 are read");
  }
  OODML_RETURN_IF_ERROR(check_image_size(decoder.info.image_width, decoder.info.image_height, name));
  decoder.info.out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  const Wanted wanted = choose({decoder.info.image_width, decoder.info.image_height});
  return read_region(decoder, wanted, name, scan);
}

Result<ImagePart> decoded(std::string_view bytes, const std::string& name, const ChooseRegion& choose, JpegScan* scan) {
  JpegDecoder decoder{};
  Result<ImagePart> part = read_image(decoder, bytes, name, choose, scan);
  jpeg_destroy_decompress(&decoder.info);  // harmless when creation failed: the structure is zero
  return part;
}

}  // namespace

Result<ImagePart> decode_jpeg(std::string_view bytes, const std::string& name, const ChooseRegion& choose,
                              JpegPlaces* places) {
  if (places != nullptr) places->belong_to(bytes);
  std::optional<Wanted> wanted;
  const ChooseRegion choose_once = [&](const Size& size) {
    if (!wanted) wanted = choose(size);
    return *wanted;
  };
  JpegScan scan(places);
  Result<ImagePart> part = decoded(bytes, name, choose_once, &scan);
  if (scan.gave_up()) return decoded(bytes, name, choose_once, nullptr);  // what libjpeg makes of the fault
  return part;
}

}  // namespace oodml::images
