#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oodml::embedding_files {

/// One array of a file: numbers (float32, float64 or int64, on the CPU, contiguous) or a list of texts.
struct Array {
  torch::Tensor numbers;
  std::vector<std::string> texts;  ///< Where numbers is undefined.

  bool is_text() const { return !numbers.defined(); }
};

}  // namespace oodml::embedding_files
