#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace oodml::embeddings {

/// How one number lies in a file, little-endian.
struct ElementType {
  enum class Kind { kFloat, kBrainFloat, kInteger, kUnsigned, kBool };
  Kind kind = Kind::kFloat;
  std::int64_t size = 4;  ///< Bytes.
};

/// Bytes of an array of this shape; nothing when a size is negative or it overflows.
std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, std::int64_t element_size);

/// Row-major numbers: floats become float32, the others int64 (unsigned ones above its range wrap). `bytes` has
/// exactly byte_count bytes and may start at any address.
torch::Tensor to_numbers(ElementType type, std::string_view bytes, const std::vector<std::int64_t>& shape);

}  // namespace oodml::embeddings
