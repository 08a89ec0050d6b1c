#include "core/pickle/numpy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "core/base/printable.h"

namespace oodml::pickle {
namespace {

constexpr std::int64_t kMaxCharacters = 1024;

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto put_low = [&](int shift) { put(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) return put(0xC0 | point >> 6), put_low(0);
  if (point < 0x10000) return put(0xE0 | point >> 12), put_low(6), put_low(0);
  put(0xF0 | point >> 18), put_low(12), put_low(6), put_low(0);
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

Result<std::string> decode_utf32(std::string_view bytes) {
  std::size_t end = bytes.size();
  while (end >= 4 && little_endian(bytes.substr(end - 4, 4)) == 0) end -= 4;
  std::string text;
  for (std::size_t i = 0; i < end; i += 4) {
    const auto point = static_cast<std::uint32_t>(little_endian(bytes.substr(i, 4)));
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
      return invalid_argument("character " + std::to_string(i / 4) + " of the numpy text is no Unicode character");
    }
    append_utf8(text, point);
  }
  return text;
}

}  // namespace

Result<Dtype> parse_dtype(std::string_view code) {
  const auto refused = [&] {
    return invalid_argument("numpy type '" + printable(code, 32) +
                            "'; accepted: U1 to U1024, f8, i1, i2, i4, i8, u1, u2, u4, u8");
  };
  const std::string_view digits = code.substr(std::min<std::size_t>(code.find_first_not_of("<|="), code.size()));
  if (digits.size() < 2 || code.size() - digits.size() > 1) return refused();
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data() + 1, digits.data() + digits.size(), size);
  if (error != std::errc() || end != digits.data() + digits.size()) return refused();
  const char kind = digits.front();
  if (kind == 'U' && size >= 1 && size <= kMaxCharacters) return Dtype{kind, 4 * size};
  if (kind == 'f' && size == 8) return Dtype{kind, size};
  const bool is_power = size == 1 || size == 2 || size == 4 || size == 8;
  if ((kind == 'i' || kind == 'u') && is_power) return Dtype{kind, size};
  return refused();
}

Result<Scalar> decode_scalar(const Dtype& dtype, std::string_view bytes) {
  if (bytes.size() != static_cast<std::size_t>(dtype.bytes)) {
    return invalid_argument("a numpy scalar with " + std::to_string(bytes.size()) + " bytes, but its type has " +
                            std::to_string(dtype.bytes));
  }
  if (dtype.kind == 'U') {
    OODML_ASSIGN_OR_RETURN(std::string text, decode_utf32(bytes));
    return Scalar(std::move(text));
  }
  const std::uint64_t bits = little_endian(bytes);
  if (dtype.kind == 'f') return Scalar(std::bit_cast<double>(bits));
  const auto unused_bits = static_cast<int>(64 - 8 * dtype.bytes);
  if (dtype.kind == 'i') return Scalar(static_cast<std::int64_t>(bits << unused_bits) >> unused_bits);
  if (bits > static_cast<std::uint64_t>(INT64_MAX)) return invalid_argument("an integer beyond 63 bits");
  return Scalar(static_cast<std::int64_t>(bits));
}

Result<std::string> encode_latin1(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    if (first < 0x80) {
      bytes += text[i];
    } else if ((first == 0xC2 || first == 0xC3) && i + 1 < text.size()) {
      bytes += static_cast<char>((first & 3) << 6 | (static_cast<std::uint8_t>(text[++i]) & 0x3F));
    } else {
      return invalid_argument("_codecs encode of a text that is not Latin-1");
    }
  }
  return bytes;
}

}  // namespace oodml::pickle
