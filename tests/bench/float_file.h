#pragma once

#include <torch/types.h>

#include <fstream>

namespace oodml::embedding_map {

/// [n, dimensions] float32 from a file that holds nothing else.
inline torch::Tensor rows_of(const char* file, std::int64_t n, std::int64_t dimensions) {
  auto rows = at::empty({n, dimensions}, at::kFloat);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(rows.data_ptr<float>()), n * dimensions * std::int64_t{sizeof(float)});
  return rows;
}

}  // namespace oodml::embedding_map
