#pragma once

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jpeglib.h>

#include <memory>

namespace oodml::images {

/// Decodes the Huffman codes of a baseline JPEG in libjpeg's place, which is where most of its time goes; code and
/// coefficient in one look, and of blocks outside the wanted columns nothing is stored. libjpeg does all the rest, so
/// that the pixels are its own. Only a scan without a fault is decoded; at the first one libjpeg's error exit is called
/// with gave_up() true, and whoever wants to know what libjpeg makes of it starts again without this.
class JpegScan {
 public:
  JpegScan();
  ~JpegScan();

  /// After jpeg_start_decompress, before the first row. Does nothing, and says so, where libjpeg has to do it:
  /// progressive and arithmetic files, several scans, restart markers, another thing behind the scan than the end mark.
  /// `info` must not outlive this object.
  bool take_over(jpeg_decompress_struct& info);
  bool gave_up() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;  ///< Null until it takes over.
};

}  // namespace oodml::images
