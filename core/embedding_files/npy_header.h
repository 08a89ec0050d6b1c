#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::embedding_files {

/// What stands in front of the data of a .npy file (NumPy's format, versions 1.0 to 3.0).
struct NpyHeader {
  std::string descr;  ///< <f4, |u1, <U7, ...
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;  ///< Of the first byte behind the header.
};

/// kDataLoss says what is damaged, kInvalidArgument what is not supported (a list of fields); `name` starts both.
Result<NpyHeader> parse_npy_header(std::string_view bytes, const std::string& name);

}  // namespace oodml::embedding_files
