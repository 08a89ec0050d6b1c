#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// Numbers in few bytes, as the packed columns hold them.
namespace oodml::coordinator::store::packed {

inline constexpr int kBitsOfByte = 7;
inline constexpr int kMostBits = 63;

inline void put(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= kBitsOfByte) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
}

/// Small numbers of either sign become small ones.
inline std::uint64_t folded(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> kMostBits);
}
inline std::int64_t unfolded(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

template <typename T>
void put_raw(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

/// Takes numbers off the front; after the first that is not there `is_good` is false.
struct Reader {
  std::string_view bytes;
  bool is_good = true;

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift <= kMostBits; shift += kBitsOfByte) {
      if (bytes.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    is_good = false;
    return 0;
  }
  template <typename T>
  T raw() {
    T value{};
    if (bytes.size() < sizeof(T)) {
      is_good = false;
      return value;
    }
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return value;
  }
};

}  // namespace oodml::coordinator::store::packed
