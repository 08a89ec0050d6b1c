#include "core/images/jpeg_huffman.h"

#include <algorithm>

namespace oodml::images {
namespace {

/// One code with its coefficient, as far as `look` bits show them: bits 0 where they do not.
struct Single {
  std::int16_t bits;
  std::int16_t step;
  std::int16_t value;
};

Single single_of(std::int32_t look, int length, int symbol) {
  const int run = symbol >> 4, size = symbol & 15, behind = JpegHuffman::kLook - length - size;
  if (length == 0 || behind < 0) return {};
  const auto bits = static_cast<std::int16_t>(length + size);
  if (size == 0) return {bits, static_cast<std::int16_t>(run == 15 ? 16 : JpegHuffman::kBlockEnd), 0};
  const int value = (look >> behind) & ((1 << size) - 1);
  const int level = value < (1 << (size - 1)) ? value - (1 << size) + 1 : value;
  return {bits, static_cast<std::int16_t>(run + 1), static_cast<std::int16_t>(level)};
}

JpegHuffman::Entry entry_of(const Single& first, const Single& second) {
  if (first.bits == 0 || first.value > 127 || first.value < -128) return {0, 1, 0, JpegHuffman::kNotSeen, 0};
  if (first.step == JpegHuffman::kBlockEnd) return {first.bits, 1, 0, JpegHuffman::kBlockEnd, 0};
  const int bits = first.bits + second.bits;
  const bool both = second.bits > 0 && bits <= JpegHuffman::kLook && second.value < 32 && second.value >= -32;
  if (!both) return {first.bits, first.step, first.value, 0, 0};
  return {bits, first.step, first.value, second.step, second.value};
}

}  // namespace

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
      std::fill(from, from + (1 << (kLook - length)), Code{static_cast<std::uint8_t>(length), symbols[symbol]});
    }
  }
  std::array<Single, kLooks> singles;
  for (std::int32_t look = 0; look < kLooks; ++look) {
    const Code seen = codes_[static_cast<std::size_t>(look)];
    singles[static_cast<std::size_t>(look)] = single_of(look, seen.bits, seen.symbol);
  }
  for (std::int32_t look = 0; look < kLooks; ++look) {
    const Single& first = singles[static_cast<std::size_t>(look)];
    const std::int32_t behind = (look << first.bits) & (kLooks - 1);
    entries_[static_cast<std::size_t>(look)] = entry_of(first, singles[static_cast<std::size_t>(behind)]);
  }
}

JpegHuffman::Code JpegHuffman::long_code(std::int32_t bits) const {
  for (int length = kLook + 1; length <= 16; ++length) {
    const auto n = static_cast<std::size_t>(length);
    const std::int32_t place = (bits >> (16 - length)) - first_code_[n];
    if (place < 0 || place >= codes_of_[n]) continue;
    return {static_cast<std::uint8_t>(length), symbols_[static_cast<std::size_t>(first_symbol_[n] + place)]};
  }
  return {};
}

}  // namespace oodml::images
