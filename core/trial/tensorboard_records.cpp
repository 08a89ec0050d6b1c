#include "core/trial/tensorboard_records.h"

#include <array>
#include <bit>

namespace oodml::trial {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78U : 0U);
    table[i] = value;
  }
  return table;
}

void append_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

void append_masked_crc(std::string& out, std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  append_little_endian(out, ((crc >> 15) | (crc << 17)) + 0xa282ead8U, 4);
}

// Fields of protocol buffers: a key of number and wire type, then the value.

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  out += static_cast<char>(value);
}

void append_double(std::string& out, int field, double value) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | 1);
  append_little_endian(out, std::bit_cast<std::uint64_t>(value), 8);
}

void append_float(std::string& out, int field, float value) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | 5);
  append_little_endian(out, std::bit_cast<std::uint32_t>(value), 4);
}

void append_integer(std::string& out, int field, std::int64_t value) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3);
  append_varint(out, static_cast<std::uint64_t>(value));
}

void append_bytes(std::string& out, int field, std::string_view bytes) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | 2);
  append_varint(out, bytes.size());
  out += bytes;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = make_table();
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

std::string tf_record(std::string_view bytes) {
  std::string record;
  append_little_endian(record, bytes.size(), 8);
  append_masked_crc(record, record.substr(0, 8));
  record += bytes;
  append_masked_crc(record, bytes);
  return record;
}

std::string version_event(double wall_seconds) {
  std::string event;
  append_double(event, 1, wall_seconds);
  append_bytes(event, 3, "brain.Event:2");
  return event;
}

std::string scalar_event(double wall_seconds, std::int64_t step, std::string_view tag, float value) {
  std::string scalar, summary, event;
  append_bytes(scalar, 1, tag);
  append_float(scalar, 2, value);
  append_bytes(summary, 1, scalar);
  append_double(event, 1, wall_seconds);
  append_integer(event, 2, step);
  append_bytes(event, 5, summary);
  return event;
}

}  // namespace oodml::trial
