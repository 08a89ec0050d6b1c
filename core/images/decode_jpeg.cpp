// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <csetjmp>
#include <optional>

#include "core/base/printable.h"
#include "core/images/decode.h"
#include "core/images/jpeg_scan.h"

namespace oodml::images {
namespace {

constexpr int kMaxScans = 500;  // a progressive file may ask for a full pass over the image in every few bytes

/// libjpeg's handles with the place its errors jump to. Every function that calls setjmp below owns nothing that
/// would need a destructor: a jump over one is undefined.
struct Decoder {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf on_error;
  char message[JMSG_LENGTH_MAX];
  bool truncated;
};

Decoder& decoder_of(j_common_ptr info) { return *static_cast<Decoder*>(info->client_data); }

[[noreturn]] void jump_out(j_common_ptr info) {
  Decoder& decoder = decoder_of(info);
  info->err->format_message(info, decoder.message);
  std::longjmp(decoder.on_error, 1);
}

/// Pillow stops where the data ends; libjpeg would fill the rest with grey. Other warnings neither mind.
void on_message(j_common_ptr info, int level) {
  if (level >= 0 || info->err->msg_code != JWRN_JPEG_EOF) return;
  decoder_of(info).truncated = true;
  jump_out(info);
}

void limit_scans(j_common_ptr info) {
  Decoder& decoder = decoder_of(info);
  if (decoder.info.input_scan_number <= kMaxScans) return;
  std::snprintf(decoder.message, sizeof(decoder.message), "more than %d scans", kMaxScans);
  std::longjmp(decoder.on_error, 1);
}

bool read_header(Decoder& decoder, std::string_view bytes) {
  decoder.info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = jump_out;
  decoder.errors.emit_message = on_message;
  decoder.info.client_data = &decoder;
  if (setjmp(decoder.on_error) != 0) return false;
  jpeg_create_decompress(&decoder.info);  // keeps err and client_data
  decoder.progress.progress_monitor = limit_scans;
  decoder.info.progress = &decoder.progress;
  jpeg_mem_src(&decoder.info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&decoder.info, TRUE);
  return true;
}

/// Columns and rows of the decoded image that are read.
struct Region {
  JDIMENSION left, width, top, height;
};

bool start(Decoder& decoder, int reduction) {
  if (setjmp(decoder.on_error) != 0) return false;
  decoder.info.scale_num = 1;
  decoder.info.scale_denom = static_cast<unsigned>(reduction);
  decoder.info.dct_method = JDCT_ISLOW;
  decoder.info.do_fancy_upsampling = TRUE;
  jpeg_start_decompress(&decoder.info);
  return true;
}

/// Widens the columns to whole blocks, and goes to the first row.
bool enter_region(Decoder& decoder, Region& region) {
  if (setjmp(decoder.on_error) != 0) return false;
  if (region.width < decoder.info.output_width) jpeg_crop_scanline(&decoder.info, &region.left, &region.width);
  if (region.top > 0) jpeg_skip_scanlines(&decoder.info, region.top);
  return true;
}

/// Grey or RGB rows go to `samples`; four-channel rows as stored.
bool read_rows(Decoder& decoder, std::uint8_t* samples, std::size_t row_bytes, JDIMENSION rows) {
  if (setjmp(decoder.on_error) != 0) return false;
  for (JDIMENSION y = 0; y < rows; ++y) {
    JSAMPROW row = samples + y * row_bytes;
    if (jpeg_read_scanlines(&decoder.info, &row, 1) != 1) --y;
  }
  return true;
}

/// What Pillow does after the last row: it reads on to the end mark. Another picture before it is a fault; no end mark
/// at all it forgives once it has all rows.
bool read_to_end_mark(Decoder& decoder) {
  if (setjmp(decoder.on_error) != 0) return decoder.truncated;
  jpeg_finish_decompress(&decoder.info);
  return true;
}

/// The largest that leaves what is wanted.
int reduction_for(const Wanted& wanted) {
  int reduction = 1;
  while (reduction < 8 && wanted.reducible >= 2 * reduction) reduction *= 2;
  return reduction;
}

/// The region in the decoded image, from whole blocks on and with a few pixels more on each side: up-sampling takes
/// one chroma sample beside each, and treats the edge of what it sees as that of the image.
Region region_around(const Wanted& wanted, const jpeg_decompress_struct& info, int reduction) {
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

/// Whether the marker that ends the scan is the file's end mark. Of several scans libjpeg has read all.
bool is_whole(jpeg_decompress_struct& info) {
  if (jpeg_has_multiple_scans(&info)) return true;
  const std::string_view scan(reinterpret_cast<const char*>(info.src->next_input_byte), info.src->bytes_in_buffer);
  for (std::size_t next = scan.find('\xFF') + 1; next != 0 && next < scan.size(); next = scan.find('\xFF', next) + 1) {
    const auto marker = static_cast<unsigned char>(scan[next]);
    const bool in_scan = marker == 0 || marker == 0xFF || (marker >= JPEG_RST0 && marker < JPEG_RST0 + 8);
    if (!in_scan) return marker == JPEG_EOI;
  }
  return false;
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

Failure damaged(const Decoder& decoder, const std::string& name) {
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

Result<ImagePart> read_region(Decoder& decoder, const Wanted& wanted, const std::string& name, JpegScan* scan) {
  const int reduction = reduction_for(wanted);
  if (!start(decoder, reduction)) return damaged(decoder, name);
  const jpeg_decompress_struct& info = decoder.info;
  const bool whole_file = (scan != nullptr && scan->take_over(decoder.info)) || is_whole(decoder.info);
  const Size scaled{info.output_width + 0L, info.output_height + 0L};  // before columns are left out
  Region region = region_around(wanted, info, reduction);
  if (!whole_file || info.progressive_mode) region = {0, info.output_width, 0, info.output_height};
  if (!enter_region(decoder, region)) return damaged(decoder, name);

  const auto channels = static_cast<std::size_t>(info.out_color_components);
  const std::size_t row_bytes = region.width * channels;
  std::vector<std::uint8_t> samples(region.height * row_bytes);
  if (!read_rows(decoder, samples.data(), row_bytes, region.height)) return damaged(decoder, name);
  if (!whole_file && !read_to_end_mark(decoder)) return damaged(decoder, name);
  return ImagePart{.image = {region.width, region.height, to_rgb(std::move(samples), channels)},
                   .top = region.top,
                   .left = region.left,
                   .full = {info.image_width, info.image_height},
                   .scaled = scaled};
}

Result<ImagePart> read_image(Decoder& decoder, std::string_view bytes, const std::string& name,
                             const ChooseRegion& choose, JpegScan* scan) {
  if (!read_header(decoder, bytes)) return damaged(decoder, name);
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
  Decoder decoder{};
  Result<ImagePart> part = read_image(decoder, bytes, name, choose, scan);
  jpeg_destroy_decompress(&decoder.info);  // harmless when creation failed: the structure is zero
  return part;
}

}  // namespace

Result<ImagePart> decode_jpeg(std::string_view bytes, const std::string& name, const ChooseRegion& choose) {
  std::optional<Wanted> wanted;
  const ChooseRegion choose_once = [&](const Size& size) {
    if (!wanted) wanted = choose(size);
    return *wanted;
  };
  JpegScan scan;
  Result<ImagePart> part = decoded(bytes, name, choose_once, &scan);
  if (scan.gave_up()) return decoded(bytes, name, choose_once, nullptr);  // what libjpeg makes of the fault
  return part;
}

}  // namespace oodml::images
