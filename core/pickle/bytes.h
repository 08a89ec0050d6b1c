#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace oodml::pickle {

/// Reads a pickle from front to back; what goes past the end is a failure.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }

  /// An unsigned little-endian integer of 1 to 8 bytes.
  Result<std::uint64_t> number(std::size_t size);
  /// The same with a sign.
  Result<std::int64_t> signed_number(std::size_t size);
  /// float64, big-endian.
  Result<double> real();
  Result<std::string_view> take(std::uint64_t size);
  /// Up to the next newline, which is dropped.
  Result<std::string_view> line(std::size_t limit);

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace oodml::pickle
