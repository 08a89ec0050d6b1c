#include "tests/golden/weight_formula.h"

#include <zlib.h>

#include <cmath>

namespace oodml::golden {
namespace {

std::uint32_t mixed(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

}  // namespace

std::vector<double> formula_uniform(const std::string& name, std::int64_t count) {
  const auto key =
      static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(name.data()), name.size()));
  std::vector<double> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = mixed(mixed(static_cast<std::uint32_t>(i)) ^ key) / 4294967296.0;
  }
  return values;
}

torch::Tensor formula_values(const std::string& name, const std::vector<std::int64_t>& shape, double gain) {
  if (name.ends_with("num_batches_tracked")) return torch::zeros(shape, torch::kInt64);
  std::int64_t count = 1, fan_in = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    count *= shape[i];
    if (i > 0) fan_in *= shape[i];
  }
  std::vector<double> values = formula_uniform(name, count);
  const bool near_one = name.ends_with("running_var") || name.ends_with("weight");
  const double bound = gain * std::sqrt(6.0 / static_cast<double>(fan_in));
  for (double& u : values) {
    u = shape.size() > 1 ? (2.0 * u - 1.0) * bound : near_one ? 0.75 + 0.5 * u : 0.2 * (u - 0.5);
  }
  return torch::tensor(values, torch::kFloat64).to(torch::kFloat32).view(shape);
}

}  // namespace oodml::golden
