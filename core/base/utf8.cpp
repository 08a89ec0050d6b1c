#include "core/base/utf8.h"

namespace oodml {
namespace {

/// How many bytes a first byte announces, and what its second byte may be (RFC 3629, section 4).
struct Lead {
  std::size_t length;
  unsigned char second_low;
  unsigned char second_high;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xc2) return {0, 0, 0};
  if (byte < 0xe0) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte < 0xf0) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte < 0xf4) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length_at(std::string_view bytes, std::size_t position) {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(bytes[position + offset]); };
  const Lead lead = lead_of(byte(0));
  if (lead.length == 0 || position + lead.length > bytes.size()) return 0;
  if (lead.length > 1 && (byte(1) < lead.second_low || byte(1) > lead.second_high)) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return lead.length;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view bytes) {
  for (std::size_t position = 0; position < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, position);
    if (length == 0) return position;
    position += length;
  }
  return std::nullopt;
}

std::string to_valid_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t position = 0; position < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, position);
    text += length == 0 ? std::string_view("\xef\xbf\xbd") : bytes.substr(position, length);
    position += length == 0 ? 1 : length;
  }
  return text;
}

}  // namespace oodml
