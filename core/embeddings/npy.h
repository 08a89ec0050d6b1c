#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/embeddings/array.h"

namespace oodml::embeddings {

/// The array of a .npy file: little-endian floats, integers, booleans, or texts of fixed width (U and S, one
/// dimension), in C or Fortran order. kDataLoss for a damaged file, kInvalidArgument for another type; `name` starts
/// both.
Result<Array> parse_npy(std::string_view bytes, const std::string& name);

}  // namespace oodml::embeddings
