#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/embedding_files/array.h"
#include "core/embedding_files/stored_array.h"

namespace oodml::embedding_files {

/// Row-major numbers: floats of 16 and 32 bits become float32, those of 64 bits float64, the others int64; an array
/// with unsigned ones above its range becomes float64. `bytes` has exactly byte_count bytes and may start at any
/// address.
torch::Tensor to_numbers(ElementType type, std::string_view bytes, const std::vector<std::int64_t>& shape);

/// As to_numbers, in row-major order and little-endian whichever the file has.
Array to_array(StoredArray stored);

}  // namespace oodml::embedding_files
