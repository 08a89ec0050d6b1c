#include "core/criteria/proxies/initial_values.h"

#include <cmath>

namespace oodml::criteria {
namespace {

constexpr double kProxyScale = 1.0 / 8.0;

}  // namespace

torch::Tensor initial_proxies(std::int64_t n_classes, std::int64_t dim, const at::Generator& generator) {
  return at::randn({n_classes, dim}, generator, at::TensorOptions(at::kFloat)) * kProxyScale;
}

torch::Tensor initial_uniform(at::IntArrayRef shape, double bound, const at::Generator& generator) {
  return (2 * at::rand(shape, generator, at::TensorOptions(at::kFloat)) - 1) * bound;
}

torch::Tensor initial_class_map(std::int64_t n_classes, std::int64_t dim, const at::Generator& generator) {
  return initial_uniform({n_classes, dim}, 1.0 / std::sqrt(static_cast<double>(dim)), generator);
}

}  // namespace oodml::criteria
