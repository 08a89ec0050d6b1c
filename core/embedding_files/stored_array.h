#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/embedding_files/element_type.h"

namespace oodml::embedding_files {

/// Numbers as they lie in a file.
struct StoredNumbers {
  ElementType type;
  std::vector<std::int64_t> shape;
  bool column_major = false;  ///< Fortran order: the first index runs fastest.
  bool big_endian = false;    ///< The bytes of each number are the other way round.
  std::string_view bytes;     ///< Exactly byte_count(shape, type.size); may start at any address.
};

/// One array of a file, checked but not converted: numbers, whose bytes stay the file's, or a list of texts.
using StoredArray = std::variant<StoredNumbers, std::vector<std::string>>;

}  // namespace oodml::embedding_files
