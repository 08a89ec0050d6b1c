#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace oodml::embedding_files {

/// How one number lies in a file, little-endian.
struct ElementType {
  enum class Kind { kFloat, kBrainFloat, kInteger, kUnsigned, kBool };
  Kind kind = Kind::kFloat;
  std::int64_t size = 4;  ///< Bytes.
};

/// Bytes of an array of this shape; nothing when a size is negative or it overflows.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, std::int64_t element_size);

}  // namespace oodml::embedding_files
