#pragma once

#include <cstddef>
#include <cstdint>

namespace oodml::images {

/// The bytes of a scan without stuffed zeros; kPadding zeros follow behind `end`.
struct JpegScanBytes {
  /// A unit of ten blocks whose codes and coefficients are as long as can be takes 2480 bytes.
  static constexpr std::size_t kPadding = 4096;
  const std::uint8_t *begin, *end;
  std::size_t bits() const { return 8 * static_cast<std::size_t>(end - begin); }
};

/// Copies a scan to `to`, where `bytes` must have room, without the zeros that are stuffed behind 0xFF, up to the first
/// marker; how many bytes count of what was written. `ended`: whether that is the end mark of the file.
std::size_t without_stuffing(const std::uint8_t* from, std::size_t bytes, std::uint8_t* to, bool& ended);

}  // namespace oodml::images
