#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/images/jpeg_block_reader.h"
#include "core/images/jpeg_scan_bytes.h"

namespace oodml::images {

/// The blocks of a unit, which is what libjpeg calls an MCU, in the order of the scan.
struct JpegUnit {
  static constexpr std::size_t kMostBlocks = 10, kMostComponents = 4;
  struct Block {
    const JpegHuffman *dc, *ac;
    std::size_t component;
  };
  std::array<Block, kMostBlocks> blocks;
  std::size_t count = 0;
  JpegOrder order;
};

/// Decodes the coefficients of a scan in two lanes at once. One lane waits most of its time for the look before, so
/// that two of them in turn take little more time than one. Where the second begins is known from an earlier decoding
/// of the file, or guessed: codes of Huffman find their way back soon after a wrong start, and what the second lane
/// read counts from the unit on at whose beginning the first one arrives, at the same bit. A guess that fails costs
/// time and changes nothing.
class JpegLanes {
 public:
  /// Where a unit begins, and the level before it of each component.
  struct Start {
    std::uint32_t bit = 0;
    std::array<std::int32_t, JpegUnit::kMostComponents> dc{};
  };
  /// Units that were read, from number `first` on.
  struct Stretch {
    std::size_t first = 0, units = 0;
    const std::int16_t* coefficients = nullptr;                ///< [units][blocks][64]
    const Start* starts = nullptr;                             ///< [units + 1]
    std::array<std::int32_t, JpegUnit::kMostComponents> dc{};  ///< to be added to levels and starts

    bool has(std::size_t unit) const { return unit - first < units; }
    Start start(std::size_t unit) const {  ///< also of the one behind the last
      Start begin = starts[unit - first];
      for (std::size_t i = 0; i < dc.size(); ++i) begin.dc[i] += dc[i];
      return begin;
    }
  };

  struct Known {
    std::size_t first;  ///< unit
    Start start;
    std::size_t units;
  };

  /// `bits_in_unit`: on average.
  JpegLanes(const JpegUnit& unit, const JpegScanBytes& bytes, std::size_t bits_in_unit);

  /// Units from the one that begins at `start` on, at least one of `units` unless there is a fault in it. Without
  /// `kept` only their starts count.
  void read(std::size_t first, const Start& start, std::size_t units, bool kept);
  /// As many as asked for at two places, or up to the first fault.
  void read_both(const Known& one, const Known& other);

  /// What was read last; the second may be empty.
  const std::array<Stretch, 2>& stretches() const { return stretches_; }

  struct Lane;

 private:
  void begin(Lane& lane, const Start& start, std::size_t units, bool kept);
  void run(bool kept, bool two);
  Stretch stretch(const Lane& lane, std::size_t first, std::size_t from) const;

  JpegUnit unit_;
  JpegScanBytes bytes_;
  std::size_t bits_in_unit_;
  std::array<Stretch, 2> stretches_{};
  std::array<std::shared_ptr<Lane>, 2> lanes_;
};

}  // namespace oodml::images
