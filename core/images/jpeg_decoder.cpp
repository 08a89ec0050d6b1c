#include "core/images/jpeg_decoder.h"

#include <jerror.h>

namespace oodml::images {
namespace {

constexpr int kMaxScans = 500;  // a progressive file may ask for a full pass over the image in every few bytes

JpegDecoder& decoder_of(j_common_ptr info) { return *static_cast<JpegDecoder*>(info->client_data); }

[[noreturn]] void jump_out(j_common_ptr info) {
  JpegDecoder& decoder = decoder_of(info);
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
  JpegDecoder& decoder = decoder_of(info);
  if (decoder.info.input_scan_number <= kMaxScans) return;
  std::snprintf(decoder.message, sizeof(decoder.message), "more than %d scans", kMaxScans);
  std::longjmp(decoder.on_error, 1);
}

}  // namespace

bool read_jpeg_header(JpegDecoder& decoder, std::string_view bytes) {
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

bool start_jpeg(JpegDecoder& decoder, int reduction) {
  if (setjmp(decoder.on_error) != 0) return false;
  decoder.info.scale_num = 1;
  decoder.info.scale_denom = static_cast<unsigned>(reduction);
  decoder.info.dct_method = JDCT_ISLOW;
  decoder.info.do_fancy_upsampling = TRUE;
  jpeg_start_decompress(&decoder.info);
  return true;
}

bool enter_jpeg_region(JpegDecoder& decoder, JpegRegion& region) {
  if (setjmp(decoder.on_error) != 0) return false;
  if (region.width < decoder.info.output_width) jpeg_crop_scanline(&decoder.info, &region.left, &region.width);
  if (region.top > 0) jpeg_skip_scanlines(&decoder.info, region.top);
  return true;
}

bool read_jpeg_rows(JpegDecoder& decoder, std::uint8_t* samples, std::size_t row_bytes, JDIMENSION rows) {
  if (setjmp(decoder.on_error) != 0) return false;
  for (JDIMENSION y = 0; y < rows; ++y) {
    JSAMPROW row = samples + y * row_bytes;
    if (jpeg_read_scanlines(&decoder.info, &row, 1) != 1) --y;
  }
  return true;
}

bool read_to_jpeg_end_mark(JpegDecoder& decoder) {
  if (setjmp(decoder.on_error) != 0) return decoder.truncated;
  jpeg_finish_decompress(&decoder.info);
  return true;
}

bool jpeg_is_whole(jpeg_decompress_struct& info) {
  if (jpeg_has_multiple_scans(&info)) return true;
  const std::string_view scan(reinterpret_cast<const char*>(info.src->next_input_byte), info.src->bytes_in_buffer);
  for (std::size_t next = scan.find('\xFF') + 1; next != 0 && next < scan.size(); next = scan.find('\xFF', next) + 1) {
    const auto marker = static_cast<unsigned char>(scan[next]);
    const bool in_scan = marker == 0 || marker == 0xFF || (marker >= JPEG_RST0 && marker < JPEG_RST0 + 8);
    if (!in_scan) return marker == JPEG_EOI;
  }
  return false;
}

}  // namespace oodml::images
