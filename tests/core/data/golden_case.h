#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/safetensors.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// One file of tests/golden/transform: reference numbers made with Pillow 9.5 and torchvision.
struct GoldenCase {
  std::string name;
  nlohmann::json about;  ///< params, tolerance, origin, ...
  SafetensorsFile file;

  bool has(const std::string& tensor) const { return file.tensors.contains(tensor); }
  std::vector<std::uint8_t> bytes(const std::string& tensor) const;
  std::vector<std::int64_t> integers(const std::string& tensor) const;
  std::vector<float> floats(const std::string& tensor) const;
  /// A [height, width, 3] tensor.
  Image image(const std::string& tensor) const;
  std::int64_t integer(const std::string& param) const { return about.at("params").at(param).get<std::int64_t>(); }
};

/// All cases <name>--*, in order; throws when a file cannot be read.
std::vector<GoldenCase> golden_cases(const std::string& name);

/// The largest difference, or a huge number when the sizes differ.
template <typename T>
double largest_difference(const std::vector<T>& got, const std::vector<T>& want) {
  if (got.size() != want.size()) return 1e300;
  double largest = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double difference = static_cast<double>(got[i]) - static_cast<double>(want[i]);
    largest = std::max(largest, difference < 0 ? -difference : difference);
  }
  return largest;
}

}  // namespace oodml::data
