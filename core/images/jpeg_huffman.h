#pragma once

#include <array>
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

  void drop(std::uint32_t bits) {  ///< below 64
    window_ <<= bits;
    count_ -= bits;
  }

  /// The next `bits` bits as a coefficient: those that start with 0 are negative.
  std::int32_t take_signed(int bits) {
    if (bits == 0) return 0;
    const auto value = static_cast<std::int32_t>(peek(bits));
    drop(static_cast<std::uint32_t>(bits));
    return value < (1 << (bits - 1)) ? value - (1 << bits) + 1 : value;
  }

  /// The first byte that no bit was taken of.
  const std::uint8_t* place() const { return next_ - count_ / 8; }

 private:
  const std::uint8_t* next_ = nullptr;
  std::uint64_t window_ = 0;  ///< the next bits, from the highest on; behind the first count_ those that follow, or 0
  std::uint32_t count_ = 0;
};

/// A Huffman table of a baseline JPEG. Its symbols are (run << 4 | size): a coefficient of `size` bits follows, after
/// `run` zeros. A look at the next kLook bits tells code and coefficient together where both lie in them.
class JpegHuffman {
 public:
  static constexpr int kLook = 10;
  // Steps to the place of the coefficient, counted from the one before. These two lead out of every block.
  static constexpr int kBlockEnd = 64, kNotSeen = 128;

  /// What the next bits say, packed: the loop over these is where most of the time of decoding goes.
  class Entry {
   public:
    Entry() = default;
    Entry(int bits, int step, int value)
        : packed_(static_cast<std::uint32_t>(value) << 16 | static_cast<std::uint32_t>(step << 8 | bits)) {}
    std::uint32_t bits() const { return packed_ & 63; }  ///< Of code and coefficient; of the code if kNotSeen, or 0.
    int step() const { return static_cast<int>(packed_ >> 8 & 255); }       ///< run + 1, kBlockEnd, or kNotSeen.
    int value() const { return static_cast<std::int32_t>(packed_) >> 16; }  ///< The symbol if kNotSeen.

   private:
    std::uint32_t packed_;
  };

  /// `counts[n]`: codes of n bits, 1..16; `symbols` by ascending code. The codes must fit, as libjpeg has checked.
  void build(const std::uint8_t counts[17], const std::uint8_t symbols[256]);

  Entry look(const ScanBits& bits) const { return entries_[bits.peek(kLook)]; }
  /// Takes a code of more than kLook bits; negative when there is none.
  int take_long_code(ScanBits& bits) const;

 private:
  std::array<Entry, 1 << kLook> entries_;
  std::array<std::int32_t, 17> first_code_, codes_, first_symbol_;
  std::array<std::uint8_t, 256> symbols_;
};

}  // namespace oodml::images
