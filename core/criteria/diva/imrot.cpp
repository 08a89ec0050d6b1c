#include "core/criteria/diva/imrot.h"

#include <stdexcept>

#include "core/criteria/batch.h"
#include "core/criteria/proxies/initial_values.h"

namespace oodml::criteria {
namespace {

constexpr std::int64_t kRotations = 4;
constexpr double kRateFactor = 10.0;

void check_rotations(const BatchOutput& batch, std::int64_t feature_dim) {
  const auto &z = batch.avg_features, &rotation = batch.rotation;
  if (!z.defined() || z.dim() != 2 || z.size(1) != feature_dim) {
    throw std::invalid_argument("imrot: needs pooled features [B, " + std::to_string(feature_dim) + "]");
  }
  if (!rotation.defined() || rotation.dim() != 1 || rotation.scalar_type() != at::kLong ||
      rotation.size(0) != z.size(0)) {
    throw std::invalid_argument("imrot: needs rotation int64 [B], one for each row of the features");
  }
}

}  // namespace

Imrot::Imrot(ImrotOptions options, at::Generator generator) : options_(options) {
  const auto classifier = register_module("classifier", std::make_shared<torch::nn::Module>());
  const auto initial = initial_class_map(kRotations, options.feature_dim, generator);
  weight_ = classifier->register_parameter("weight", initial);
}

torch::Tensor Imrot::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_rotations(batch, options_.feature_dim);
  if (batch.avg_features.size(0) == 0) return attached_zero(batch.avg_features);
  return at::cross_entropy_loss(at::linear(batch.avg_features, weight_), batch.rotation);
}

std::vector<ParameterGroup> Imrot::parameter_groups() const { return {{.parameters = {weight_}, .lr = options_.lr}}; }

Result<std::shared_ptr<Criterion>> make_imrot(const Params&, const CriterionContext& context) {
  if (context.feature_dim < 1) return invalid_argument("criterion imrot reads a backbone's features; there are none");
  return std::make_shared<Imrot>(ImrotOptions{.lr = kRateFactor * context.lr, .feature_dim = context.feature_dim},
                                 context.generator);
}

}  // namespace oodml::criteria
