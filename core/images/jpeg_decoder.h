#pragma once

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jpeglib.h>

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace oodml::images {

// The steps of libjpeg in which its errors are jumps; each gives false where one came, with its text in `message`.

/// libjpeg's handles with the place its errors jump to. Every function that calls setjmp below owns nothing that
/// would need a destructor: a jump over one is undefined.
struct JpegDecoder {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf on_error;
  char message[JMSG_LENGTH_MAX];
  bool truncated;
};

bool read_jpeg_header(JpegDecoder& decoder, std::string_view bytes);

/// At 1/reduction of the size, with the slow integer transform and smooth up-sampling.
bool start_jpeg(JpegDecoder& decoder, int reduction);

/// Columns and rows of the decoded image that are read.
struct JpegRegion {
  JDIMENSION left, width, top, height;
};

/// Widens the columns to whole blocks, and goes to the first row.
bool enter_jpeg_region(JpegDecoder& decoder, JpegRegion& region);

/// Grey or RGB rows go to `samples`; four-channel rows as stored.
bool read_jpeg_rows(JpegDecoder& decoder, std::uint8_t* samples, std::size_t row_bytes, JDIMENSION rows);

/// What Pillow does after the last row: it reads on to the end mark. Another picture before it is a fault; no end mark
/// at all it forgives once it has all rows.
bool read_to_jpeg_end_mark(JpegDecoder& decoder);

/// Whether the marker that ends the scan is the file's end mark. Of several scans libjpeg has read all.
bool jpeg_is_whole(jpeg_decompress_struct& info);

}  // namespace oodml::images
