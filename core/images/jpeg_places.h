#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace oodml::images {

/// Where blocks begin in the scan of one JPEG file, as found while it was decoded: the next decoding of the same bytes
/// jumps to what it wants of them. The pixels are the same with and without. `JpegScan` writes and reads it.
///
/// A unit is what libjpeg calls an MCU, most often 16 x 16 pixels. Takes about 1 % of the size of the file, and 10 %
/// with lengths, which only images that are decoded smaller have.
struct JpegPlaces {
  static constexpr std::size_t kUnits = 8;  ///< from one kept place to the next

  struct Place {
    std::uint32_t bit;               ///< counted in the scan without its stuffed zeros
    std::array<std::int16_t, 4> dc;  ///< the level before, of each component
  };
  std::vector<Place> places;           ///< of the units 0, kUnits, ...; up to where the file has been decoded
  std::vector<std::uint16_t> lengths;  ///< bits of the blocks 0, 1, ..., in the order of the scan
  std::uint64_t digest = 0;            ///< of the file
  std::uint64_t file_bytes = 0;

  /// Forgets all unless the bytes are those that it was made for.
  void belong_to(std::string_view file);
  /// Bytes that are held.
  std::size_t memory() const {
    return sizeof(*this) + places.capacity() * sizeof(Place) + lengths.capacity() * sizeof(std::uint16_t);
  }
  /// Gives back what was held in advance.
  void shrink();
};

}  // namespace oodml::images
