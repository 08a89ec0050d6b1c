#pragma once

#include <cstdint>
#include <string>

namespace oodml::testing {

/// The bytes of a number as files have them, least significant first.
template <typename T>
std::string little(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

/// Most significant first.
inline std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

}  // namespace oodml::testing
