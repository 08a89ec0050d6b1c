#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace oodml::trial {

/// CRC-32C (Castagnoli), as in RFC 3720.
std::uint32_t crc32c(std::string_view bytes);

/// A TFRecord: length, masked CRC of the length, bytes, masked CRC of the bytes; all little-endian.
std::string tf_record(std::string_view bytes);

/// The Event message that begins a file.
std::string version_event(double wall_seconds);
/// The Event message of one scalar. `tag` is UTF-8.
std::string scalar_event(double wall_seconds, std::int64_t step, std::string_view tag, float value);

}  // namespace oodml::trial
