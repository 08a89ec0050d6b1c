#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/embedding_files/stored_array.h"

namespace oodml::embedding_files {

/// The array of a .npy file: floats, integers, booleans, or texts of fixed width (U and S, one dimension or one
/// column), of either endianness, in C or Fortran order. Numbers stay in `bytes`. kDataLoss for a damaged file,
/// kInvalidArgument for another type, by its name (Python objects, complex numbers, dates, ...); `name` starts both.
Result<StoredArray> parse_npy(std::string_view bytes, const std::string& name);

}  // namespace oodml::embedding_files
