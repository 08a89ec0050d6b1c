#include "core/images/jpeg_huffman.h"

#include <algorithm>

namespace oodml::images {
namespace {

/// What `look`, kLook bits that start with a code of `length` bits, says.
JpegHuffman::Entry entry_of(std::int32_t look, int length, int symbol) {
  const int run = symbol >> 4, size = symbol & 15, behind = JpegHuffman::kLook - length - size;
  if (behind < 0) return {length, JpegHuffman::kNotSeen, symbol};
  if (size == 0) return {length, run == 15 ? 16 : JpegHuffman::kBlockEnd, 0};  // or sixteen zeros
  const int value = (look >> behind) & ((1 << size) - 1);
  return {length + size, run + 1, value < (1 << (size - 1)) ? value - (1 << size) + 1 : value};
}

}  // namespace

void JpegHuffman::build(const std::uint8_t counts[17], const std::uint8_t symbols[256]) {
  entries_.fill({0, kNotSeen, 0});
  std::copy(symbols, symbols + 256, symbols_.begin());
  std::int32_t code = 0, symbol = 0;
  for (int length = 1; length <= 16; ++length, code <<= 1) {
    const auto n = static_cast<std::size_t>(length);
    first_code_[n] = code;
    first_symbol_[n] = symbol;
    codes_[n] = counts[length];
    for (int i = 0; i < counts[length]; ++i, ++code, ++symbol) {
      if (length > kLook) continue;
      const std::int32_t looks = 1 << (kLook - length);
      for (std::int32_t look = code * looks; look < (code + 1) * looks; ++look) {
        entries_[static_cast<std::size_t>(look)] = entry_of(look, length, symbols_[static_cast<std::size_t>(symbol)]);
      }
    }
  }
}

int JpegHuffman::take_long_code(ScanBits& bits) const {
  for (int length = kLook + 1; length <= 16; ++length) {
    const auto n = static_cast<std::size_t>(length);
    const auto place = static_cast<std::int32_t>(bits.peek(length)) - first_code_[n];
    if (place < 0 || place >= codes_[n]) continue;
    bits.drop(static_cast<std::uint32_t>(length));
    return symbols_[static_cast<std::size_t>(first_symbol_[n] + place)];
  }
  return -1;
}

}  // namespace oodml::images
