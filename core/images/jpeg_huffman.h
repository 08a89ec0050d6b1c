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

  std::uint32_t ahead(std::uint32_t bits) const { return behind(-bits); }  ///< The next 1 to 63, of which the last 32
  std::uint32_t behind(std::uint32_t unread) const {                       ///< The same of 64 - unread bits
    return static_cast<std::uint32_t>(window_ >> (unread & 63));
  }

  void drop(std::uint32_t bits) {  ///< below 64
    window_ <<= bits;
    count_ -= bits;
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

  // Steps to the number of a coefficient, counted from the one before. These two lead out of every block.
  static constexpr int kBlockEnd = 64, kNotSeen = 128;
  static constexpr int kMostSteps = kNotSeen + 1;

  /// The last of `bits`, as many as the mask has; those that start with 0 are negative.
  static std::int32_t coefficient(std::uint32_t bits, std::uint32_t mask) {
    const std::uint32_t value = bits & mask;
    return static_cast<std::int32_t>(2 * value > mask ? value : value - mask);
  }

  /// What the next bits say: the loop over these is where most of the time of decoding goes.
  struct Entry {
    std::uint8_t bits;   ///< Of the codes and their coefficients.
    std::uint8_t steps;  ///< From the coefficient before to the last one; over all bounds with kBlockEnd or kNotSeen.
    std::uint8_t first_step;  ///< To the first; of a block that ends at once, 1 with a coefficient of 0.
    std::uint8_t unread;      ///< 64 - bits
    std::int16_t first;       ///< Only where there are two; where there is one, it is the last as well.
    std::uint16_t mask;       ///< Of the bits of the last.

    /// From the bits that were looked at, before these are dropped.
    std::int32_t last(const ScanBits& in) const { return coefficient(in.behind(unread), mask); }

    /// Whether the block ends here, `number` being that of the coefficient before plus `steps`: with the last of its
    /// coefficients, or with a code that says so behind one of the others. Only one behind the last belongs to the
    /// next block.
    bool ends_block_in(std::ptrdiff_t number) const {
      return (number == 63) | (((steps & kBlockEnd) != 0) & (number <= 63 + kBlockEnd));
    }
  };
  static_assert(sizeof(Entry) == 8);

  /// `counts[n]`: codes of n bits, 1..16; `symbols` by ascending code. The codes must fit, as libjpeg has checked.
  void build(const std::uint8_t counts[17], const std::uint8_t symbols[256]);

  const Entry& look(const ScanBits& bits) const { return entries_[bits.peek(kLook)]; }

  /// A code, and the coefficient behind it.
  struct Taken {
    int symbol;  ///< negative when there is no such code
    std::int32_t value;
  };
  /// However long they are: 31 bits must be there.
  Taken take(ScanBits& bits) const {
    Code code = codes_[bits.peek(kLook)];
    if (code.bits == 0) [[unlikely]]
      code = long_code(static_cast<std::int32_t>(bits.peek(16)));
    if (code.bits == 0) [[unlikely]]
      return {.symbol = -1, .value = 0};
    const std::uint32_t both = code.bits + (code.symbol & 15U);
    const std::int32_t value = coefficient(bits.ahead(both), code.mask);
    bits.drop(both);
    return {.symbol = code.symbol, .value = value};
  }

 private:
  struct Code {
    std::uint8_t bits;  ///< 0: there is none, or one of more than kLook bits
    std::uint8_t symbol;
    std::uint16_t mask;  ///< of the bits of its coefficient
  };
  static Code code_of(int length, std::uint8_t symbol);
  /// What 16 bits start with, a code of more than kLook; bits 0 when there is none.
  Code long_code(std::int32_t bits) const {
    const auto number = static_cast<std::size_t>(bits - first_long_);
    return number < long_codes_.size() ? long_codes_[number] : find_long_code(bits);
  }
  Code find_long_code(std::int32_t bits) const;

  std::array<Entry, 1 << kLook> entries_;
  std::array<Code, 1 << kLook> codes_;
  std::array<Code, 256> long_codes_;  ///< by 16 bits, from first_long_ on: all of the usual tables
  std::int32_t first_long_;
  std::array<std::int32_t, 17> first_code_, codes_of_, first_symbol_;
  std::array<std::uint8_t, 256> symbols_;
};

}  // namespace oodml::images
