#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace oodml::images {

/// Bits of a JPEG scan without its stuffed zeros, from the highest bit of each byte on. Reads up to eight bytes past
/// what is taken: the buffer must end in as many that do not count.
class ScanBits {
 public:
  ScanBits() = default;
  explicit ScanBits(const std::uint8_t* begin) : next_(begin) {}

  /// At least 56 bits are there afterwards.
  void fill() {
    std::uint64_t bytes;
    __builtin_memcpy(&bytes, next_, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    window_ |= bytes >> count_;
    next_ += (63 - count_) >> 3;
    count_ |= 56;
  }

  std::uint32_t peek(int bits) const { return static_cast<std::uint32_t>(window_ >> (64 - bits)); }  ///< bits > 0

  std::uint32_t ahead(std::uint32_t bits) const {  ///< The next `bits` bits, 1 to 63, of which the last 32
    return static_cast<std::uint32_t>(window_ >> (-bits & 63));
  }

  void drop(std::uint32_t bits) {  ///< below 64
    window_ <<= bits;
    count_ -= bits;
  }

  /// The next `bits` bits, up to 16, as a coefficient: those that start with 0 are negative.
  std::int32_t take_signed(int bits) {
    const auto value = static_cast<std::int32_t>(window_ >> 1 >> (63 - bits));
    const std::int32_t below = ((1 << bits) - 1) & (static_cast<std::int32_t>(window_ >> 63) - 1);
    drop(static_cast<std::uint32_t>(bits));
    return value - below;
  }

  /// Of the next bit, counted from `begin` on.
  std::size_t position(const std::uint8_t* begin) const { return static_cast<std::size_t>(next_ - begin) * 8 - count_; }
  static ScanBits at(const std::uint8_t* begin, std::size_t position) {
    ScanBits bits(begin + position / 8);
    bits.fill();
    bits.drop(position % 8);
    return bits;
  }

  /// The first byte that no bit was taken of.
  const std::uint8_t* place() const { return next_ - count_ / 8; }

 private:
  const std::uint8_t* next_ = nullptr;
  std::uint64_t window_ = 0;  ///< the next bits, from the highest on; behind the first count_ those that follow, or 0
  std::uint32_t count_ = 0;
};

/// A Huffman table of a baseline JPEG. Its symbols are (run << 4 | size): a coefficient of `size` bits follows, after
/// `run` zeros. The decoding of a scan waits for one look into a table after the other, so that a look at the next
/// kLook bits tells as much as lies in them: two codes with the coefficient of the first, or one; the bits of the last
/// coefficient may lie behind them.
class JpegHuffman {
 public:
  static constexpr int kLook = 11;
  static constexpr int kMostBits = 18;  ///< that an entry stands for: three of them lie in what ScanBits::fill leaves
  // Steps to the place of a coefficient, counted from the one before. These two lead out of every block.
  static constexpr int kBlockEnd = 64, kNotSeen = 128;

  /// What the next bits say: the loop over these is where most of the time of decoding goes.
  struct Entry {
    std::uint8_t bits;   ///< Of the codes and their coefficients.
    std::uint8_t steps;  ///< From the coefficient before to the last one; over all bounds with kBlockEnd or kNotSeen.
    std::uint8_t first_step;  ///< To the first; of a block that ends at once, 1 with a coefficient of 0.
    bool ends_block;
    std::int16_t first;  ///< Only where there are two; where there is one, it is the last as well.
    std::uint16_t mask;  ///< Of the bits of the last.

    /// From the bits that were looked at, before these are dropped.
    std::int32_t last(const ScanBits& in) const {
      const std::uint32_t value = in.ahead(bits) & mask;
      return static_cast<std::int32_t>(2 * value > mask ? value : value - mask);
    }
  };
  static_assert(sizeof(Entry) == 8);

  /// `counts[n]`: codes of n bits, 1..16; `symbols` by ascending code. The codes must fit, as libjpeg has checked.
  void build(const std::uint8_t counts[17], const std::uint8_t symbols[256]);

  const Entry& look(const ScanBits& bits) const { return entries_[bits.peek(kLook)]; }

  /// Takes one code, however long; its symbol, negative when there is none. 16 bits must be there.
  int take_code(ScanBits& bits) const {
    Code code = codes_[bits.peek(kLook)];
    if (code.bits == 0) [[unlikely]]
      code = long_code(static_cast<std::int32_t>(bits.peek(16)));
    if (code.bits == 0) return -1;
    bits.drop(code.bits);
    return code.symbol;
  }

 private:
  struct Code {
    std::uint8_t bits;  ///< 0: there is none, or one of more than kLook bits
    std::uint8_t symbol;
  };
  /// What 16 bits start with, a code of more than kLook; bits 0 when there is none.
  Code long_code(std::int32_t bits) const;

  std::array<Entry, 1 << kLook> entries_;
  std::array<Code, 1 << kLook> codes_;
  std::array<std::int32_t, 17> first_code_, codes_of_, first_symbol_;
  std::array<std::uint8_t, 256> symbols_;
};

}  // namespace oodml::images
