#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/images/jpeg_huffman.h"

// What is called for every block is compiled twice, for processors with and without shifts by any register (BMI2), and
// therefore goes into its callers whole.
#define OODML_IN_PLACE [[gnu::always_inline]] inline

namespace oodml::images {

/// Reads the coefficients of one block after the other. What the loops over the looks work on, so that all of it stays
/// in registers.
struct JpegBlockReader {
  static constexpr int kLast = 63;
  static constexpr std::size_t kValues = 64;
  static constexpr int kLooksAtOnce = 3;           ///< for which ScanBits::fill suffices
  static constexpr std::int32_t kMaxDc = 1 << 24;  ///< of a whole file only a hostile one comes there

  ScanBits bits;
  std::int16_t* block;
  const JpegHuffman* ac;
  int k;  ///< number of the last coefficient that was read

  /// The first coefficient of a block, into which `level` goes over; false at a fault.
  template <bool kKept>
  OODML_IN_PLACE bool begin(const JpegHuffman& dc, std::int32_t& level) {
    if constexpr (kKept) clear();
    bits.fill();
    const int symbol = dc.take_code(bits);
    if (symbol < 0) return false;
    level += bits.take_signed(symbol & 15);
    if constexpr (kKept) block[0] = static_cast<std::int16_t>(level);
    k = 0;
    return level <= kMaxDc && level >= -kMaxDc;
  }

  /// False, and nothing is done, where the block may end.
  template <bool kKept>
  OODML_IN_PLACE bool step(const std::uint8_t* order) {
    const JpegHuffman::Entry& entry = ac->look(bits);
    const int last = k + entry.steps;
    if (last >= kLast) [[unlikely]]
      return false;
    if constexpr (kKept) {
      block[order[k + entry.first_step]] = entry.first;
      block[order[last]] = static_cast<std::int16_t>(entry.last(bits));  // over the other, where there is one alone
    }
    bits.drop(entry.bits);
    k = last;
    return true;
  }

  /// As memset does, of which GCC makes a string instruction that takes as long as three looks.
  OODML_IN_PLACE void clear() {
    using Values = std::int16_t __attribute__((vector_size(16), aligned(2), may_alias));
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kValues; i += 8) *reinterpret_cast<Values*>(block + i) = Values{};
  }

  /// Where `step` stopped; afterwards k is kLast at the end of the block, and negative at a fault.
  template <bool kKept>
  OODML_IN_PLACE void last_step(const std::uint8_t* order) {
    const JpegHuffman::Entry& entry = ac->look(bits);
    const int first = k + entry.first_step;
    if (entry.ends_block && first < kLast) [[likely]] {
      if constexpr (kKept) block[order[first]] = entry.first;
      bits.drop(entry.bits);
      k = kLast;
      return;
    }
    bits.fill();
    const int symbol = ac->take_code(bits);
    const int run = symbol >> 4, size = symbol & 15;
    if (symbol >= 0 && size == 0 && run != 15) {
      k = kLast;
      return;
    }
    k += run + 1;
    if (symbol < 0 || k > kLast) {
      k = -1;
      return;
    }
    const std::int32_t value = bits.take_signed(size);
    if constexpr (kKept) block[order[k]] = static_cast<std::int16_t>(value);
  }

  /// Coefficients until one is number `until` or lies behind it; false at a fault.
  template <bool kKept>
  OODML_IN_PLACE bool read_until(int until, const std::uint8_t* order) {
    while (k >= 0 && k < until) {
      bits.fill();
#pragma GCC unroll 3
      for (int i = 0; i < kLooksAtOnce; ++i) {
        if (step<kKept>(order)) continue;
        last_step<kKept>(order);
        break;
      }
    }
    return k >= 0;
  }
};

}  // namespace oodml::images
