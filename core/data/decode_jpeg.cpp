// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>

#include "core/data/decode.h"
#include "core/base/printable.h"

namespace oodml::data {
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

/// Grey or RGB rows go to `pixels`; four-channel rows as stored.
bool read_rows(Decoder& decoder, std::uint8_t* pixels, std::size_t row_bytes) {
  if (setjmp(decoder.on_error) != 0) return false;
  decoder.info.dct_method = JDCT_ISLOW;
  decoder.info.do_fancy_upsampling = TRUE;
  jpeg_start_decompress(&decoder.info);
  while (decoder.info.output_scanline < decoder.info.output_height) {
    JSAMPROW row = pixels + decoder.info.output_scanline * row_bytes;
    jpeg_read_scanlines(&decoder.info, &row, 1);
  }
  return true;
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

Result<Image> read_image(Decoder& decoder, std::string_view bytes, const std::string& name) {
  if (!read_header(decoder, bytes)) return damaged(decoder, name);
  const int channels = decoder.info.num_components;
  if (channels != 1 && channels != 3 && channels != 4) {
    return invalid_argument(name + ": a JPEG of " + std::to_string(channels) + " channels; 1, 3 and 4 are read");
  }
  OODML_RETURN_IF_ERROR(check_image_size(decoder.info.image_width, decoder.info.image_height, name));
  decoder.info.out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;

  Image image{.width = decoder.info.image_width, .height = decoder.info.image_height, .pixels = {}};
  const auto pixel_count = static_cast<std::size_t>(image.width * image.height);
  std::vector<std::uint8_t> samples(pixel_count * static_cast<std::size_t>(channels));
  if (!read_rows(decoder, samples.data(), static_cast<std::size_t>(image.width * channels))) {
    return damaged(decoder, name);
  }
  if (channels == 3) {
    image.pixels = std::move(samples);
    return image;
  }
  image.pixels.resize(pixel_count * 3);
  (channels == 1 ? grey_to_rgb : inverted_cmyk_to_rgb)(samples, image.pixels.data());
  return image;
}

}  // namespace

Result<Image> decode_jpeg(std::string_view bytes, const std::string& name) {
  Decoder decoder{};
  Result<Image> image = read_image(decoder, bytes, name);
  jpeg_destroy_decompress(&decoder.info);  // harmless when creation failed: the structure is zero
  return image;
}

}  // namespace oodml::data
