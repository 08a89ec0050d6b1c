#pragma once

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE
// clang-format on
#include <jpeglib.h>

#include <memory>

namespace oodml::images {

struct JpegPlaces;

/// Decodes the Huffman codes of a baseline JPEG in libjpeg's place, which is where most of its time goes; code and
/// coefficient in one look, and of blocks outside the wanted columns nothing is stored. libjpeg does all the rest, so
/// that the pixels are its own. With `places` of the same file, blocks that nobody wants are jumped over, and what was
/// not known of them is added. Only a scan without a fault is decoded; at the first one libjpeg's error exit is called
/// with gave_up() true, and whoever wants to know what libjpeg makes of it starts again without this.
class JpegScan {
 public:
  explicit JpegScan(JpegPlaces* places);  ///< Null: nothing is known, and nothing is kept.
  ~JpegScan();

  /// After jpeg_start_decompress, before the first row. Does nothing, and says so, where libjpeg has to do it:
  /// progressive and arithmetic files, several scans, restart markers, another thing behind the scan than the end mark.
  /// An image that becomes `reducible` times smaller (1: every level is to be exact) does without the coefficients that
  /// hardly show in it.
  /// `info` must not outlive this object.
  bool take_over(jpeg_decompress_struct& info, double reducible);
  /// Rows of the stored image from `bottom` on are not wanted: nothing is read in advance of them.
  void read_until(const jpeg_decompress_struct& info, std::size_t bottom);
  bool gave_up() const;

 private:
  struct Impl;
  JpegPlaces* const places_;
  std::unique_ptr<Impl> impl_;  ///< Null until it takes over.
};

}  // namespace oodml::images
