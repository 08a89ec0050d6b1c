#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/images/jpeg_huffman.h"

// What is called for every block is compiled twice, for processors with and without shifts by any register (BMI2), and
// therefore goes into its callers whole.
#define OODML_IN_PLACE [[gnu::always_inline]] inline

namespace oodml::images {

/// Place of each coefficient in its block, by its number in the file; of those that are left out, and of the numbers
/// behind the last that a look may name, the last place.
using JpegOrder = std::array<std::uint8_t, 64 + JpegHuffman::kMostSteps>;

/// Reads the coefficients of one block after the other. What the loops over the looks work on, so that all of it stays
/// in registers.
struct JpegBlockReader {
  static constexpr int kLast = 63;
  static constexpr std::size_t kValues = 64;
  static constexpr int kLooksAtOnce = 3;           ///< for which ScanBits::fill suffices
  static constexpr std::int32_t kMaxDc = 1 << 24;  ///< of a whole file only a hostile one comes there

  enum class Block { kOpen, kEnded, kFault };

  ScanBits bits;
  std::int16_t* block;
  const JpegHuffman* ac;
  const std::uint8_t* at;  ///< in the order of coefficients: the last that was read

  /// The first coefficient of a block, into which `level` goes over; false at a fault.
  template <bool kKept>
  OODML_IN_PLACE bool begin(const JpegHuffman& dc, std::int32_t& level, const JpegOrder& order) {
    if constexpr (kKept) clear();
    bits.fill();
    const JpegHuffman::Taken taken = dc.take(bits);
    if (taken.symbol < 0) return false;
    level += taken.value;
    if constexpr (kKept) block[0] = static_cast<std::int16_t>(level);
    at = order.data();
    return level <= kMaxDc && level >= -kMaxDc;
  }

  /// False, and nothing is done, where the block may end.
  template <bool kKept>
  OODML_IN_PLACE bool step(const JpegOrder& order) {
    const JpegHuffman::Entry& entry = ac->look(bits);
    const std::uint8_t* const last = at + entry.steps;
    if (last >= order.data() + kLast) [[unlikely]]
      return false;
    take<kKept>(entry, last);
    return true;
  }

  /// Where `step` stopped.
  template <bool kKept>
  OODML_IN_PLACE Block last_step(const JpegOrder& order) {
    const JpegHuffman::Entry& entry = ac->look(bits);
    const std::uint8_t* const last = at + entry.steps;
    if (entry.ends_block_in(last - order.data())) [[likely]] {
      take<kKept>(entry, last);  // of a code that ends the block, 0 for the last coefficient of all
      return Block::kEnded;
    }
    return single_step<kKept>(order);
  }

  /// Coefficients until one is number `until` or lies behind it; false at a fault.
  template <bool kKept>
  OODML_IN_PLACE bool read_until(int until, const JpegOrder& order) {
    Block state = Block::kOpen;
    while (state == Block::kOpen && at - order.data() < until) {
      bits.fill();
#pragma GCC unroll 3
      for (int i = 0; i < kLooksAtOnce; ++i) {
        if (step<kKept>(order)) continue;
        state = last_step<kKept>(order);
        break;
      }
    }
    return state != Block::kFault;
  }

  /// The same of blocks that are known to be sound, in turn, as one waits for each of its looks. Coefficients behind
  /// number `until` do not count and share the last place in `order`; there also goes what lies behind the end of a
  /// block and is no part of it: no branch, which a processor would not predict, asks for that end.
  template <std::size_t kBlocks>
  OODML_IN_PLACE static bool read_first(std::array<JpegBlockReader, kBlocks>& blocks, int until,
                                        const JpegOrder& order) {
    const std::uint8_t* const enough = order.data() + until;
    while (std::ranges::any_of(blocks, [&](const JpegBlockReader& reader) { return reader.at < enough; })) {
#pragma GCC unroll 2
      for (JpegBlockReader& reader : blocks) reader.bits.fill();
#pragma GCC unroll 3
      for (int i = 0; i < kLooksAtOnce; ++i) {
#pragma GCC unroll 2
        for (JpegBlockReader& reader : blocks) {
          if (reader.step_over(enough, order)) continue;
          if (!reader.single_step_over(order)) return false;
          i = kLooksAtOnce;  // it has fewer bits now
          break;
        }
      }
    }
    return true;
  }

 private:
  /// False, and nothing is done, where a coefficient that counts was not seen.
  OODML_IN_PLACE bool step_over(const std::uint8_t* enough, const JpegOrder& order) {
    const JpegHuffman::Entry& entry = ac->look(bits);
    if ((entry.steps >= JpegHuffman::kNotSeen) & (at < enough)) [[unlikely]]
      return false;
    take<true>(entry, std::min(at + entry.steps, order.data() + kLast));
    return true;
  }
  OODML_IN_PLACE bool single_step_over(const JpegOrder& order) {
    const Block state = single_step<true>(order);
    if (state == Block::kEnded) at = order.data() + kLast;
    return state != Block::kFault;
  }

  template <bool kKept>
  OODML_IN_PLACE void take(const JpegHuffman::Entry& entry, const std::uint8_t* last) {
    if constexpr (kKept) {
      block[at[entry.first_step]] = entry.first;
      block[*last] = static_cast<std::int16_t>(entry.last(bits));  // over the other, where there is one alone
    }
    bits.drop(entry.bits);
    at = last;
  }

  /// One code and its coefficient, of any length.
  template <bool kKept>
  OODML_IN_PLACE Block single_step(const JpegOrder& order) {
    bits.fill();
    const auto [symbol, value] = ac->take(bits);
    const int run = symbol >> 4, size = symbol & 15;
    if (symbol >= 0 && size == 0 && run != 15) return Block::kEnded;
    at += run + 1;
    if (symbol < 0 || at > order.data() + kLast) return Block::kFault;
    if constexpr (kKept) block[*at] = static_cast<std::int16_t>(value);
    return at == order.data() + kLast ? Block::kEnded : Block::kOpen;
  }

  /// As memset does, of which GCC makes a string instruction that takes as long as three looks.
  OODML_IN_PLACE void clear() {
    using Values = std::int16_t __attribute__((vector_size(32), aligned(2), may_alias));
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kValues; i += 16) *reinterpret_cast<Values*>(block + i) = Values{};
  }
};

}  // namespace oodml::images
