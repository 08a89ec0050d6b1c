#include "core/images/jpeg_huffman.h"

#include <algorithm>

namespace oodml::images {
namespace {

/// What follows `length` bits of a look: a code's symbol and its coefficient. Length 0: no code is seen.
struct Seen {
  int length, symbol;
  int run() const { return symbol >> 4; }
  int size() const { return symbol & 15; }
  int bits() const { return length + size(); }
  bool ends_block() const { return size() == 0 && run() != 15; }
};

/// The coefficient whose bits end `behind` bits before the end of the look.
int coefficient(std::int32_t look, int size, int behind) {
  if (size == 0) return 0;
  const int value = (look >> behind) & ((1 << size) - 1);
  return value < (1 << (size - 1)) ? value - (1 << size) + 1 : value;
}

JpegHuffman::Entry entry(int bits, int first_step, int first, int last_step, int last_size) {
  return {.bits = static_cast<std::uint8_t>(bits),
          .steps = static_cast<std::uint8_t>(first_step + last_step),
          .first_step = static_cast<std::uint8_t>(first_step),
          .unread = static_cast<std::uint8_t>(64 - bits),
          .first = static_cast<std::int16_t>(first),
          .mask = static_cast<std::uint16_t>((1 << last_size) - 1)};
}

/// `second`: what is seen behind the first code and its coefficient.
JpegHuffman::Entry entry_of(std::int32_t look, const Seen& first, const Seen& second) {
  using Table = JpegHuffman;
  if (first.length == 0 || first.bits() > Table::kMostBits) return entry(0, 1, 0, Table::kNotSeen, 0);
  if (first.ends_block()) return entry(first.length, 1, 0, Table::kBlockEnd, 0);
  const int step = first.run() + 1, behind = Table::kLook - first.bits();
  const bool both = second.length > 0 && second.length <= behind && first.bits() + second.bits() <= Table::kMostBits;
  if (!both) return entry(first.bits(), step, 0, 0, first.size());
  const int value = coefficient(look, first.size(), behind);
  const int last_step = second.ends_block() ? Table::kBlockEnd + 1 : second.run() + 1;
  return entry(first.bits() + second.bits(), step, value, last_step, second.size());
}

}  // namespace

JpegHuffman::Code JpegHuffman::code_of(int length, std::uint8_t symbol) {
  const auto mask = static_cast<std::uint16_t>((1 << (symbol & 15)) - 1);
  return {static_cast<std::uint8_t>(length), symbol, mask};
}

void JpegHuffman::build(const std::uint8_t counts[17], const std::uint8_t symbols[256]) {
  constexpr std::int32_t kLooks = 1 << kLook;
  codes_.fill({});
  std::copy(symbols, symbols + 256, symbols_.begin());
  std::int32_t code = 0, symbol = 0;
  for (int length = 1; length <= 16; ++length, code <<= 1) {
    const auto n = static_cast<std::size_t>(length);
    first_code_[n] = code;
    first_symbol_[n] = symbol;
    codes_of_[n] = counts[length];
    for (int i = 0; i < counts[length]; ++i, ++code, ++symbol) {
      if (length > kLook) continue;
      const auto from = codes_.begin() + (code << (kLook - length));
      std::fill(from, from + (1 << (kLook - length)), code_of(length, symbols[symbol]));
    }
  }
  first_long_ = first_code_[kLook + 1] << (16 - kLook - 1);
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(long_codes_.size()); ++i) {
    long_codes_[static_cast<std::size_t>(i)] = first_long_ + i < 1 << 16 ? find_long_code(first_long_ + i) : Code{};
  }
  const auto seen_at = [this](std::int32_t look) {
    const Code code = codes_[static_cast<std::size_t>(look)];
    return Seen{code.bits, code.symbol};
  };
  for (std::int32_t look = 0; look < kLooks; ++look) {
    const Seen first = seen_at(look);
    const std::int32_t behind = (look << first.bits()) & (kLooks - 1);
    entries_[static_cast<std::size_t>(look)] = entry_of(look, first, seen_at(behind));
  }
}

JpegHuffman::Code JpegHuffman::find_long_code(std::int32_t bits) const {
  for (int length = kLook + 1; length <= 16; ++length) {
    const auto n = static_cast<std::size_t>(length);
    const std::int32_t place = (bits >> (16 - length)) - first_code_[n];
    if (place < 0 || place >= codes_of_[n]) continue;
    return code_of(length, symbols_[static_cast<std::size_t>(first_symbol_[n] + place)]);
  }
  return {};
}

}  // namespace oodml::images
