#include "core/embedding_files/element_type.h"

namespace oodml::embedding_files {

std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& shape, std::int64_t element_size) {
  auto bytes = static_cast<std::uint64_t>(element_size);
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace oodml::embedding_files
