#include "core/criteria/proxies/arcface.h"

#include <cmath>

#include "core/criteria/batch.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kLowestCosine = 1e-10;

double highest_cosine(at::ScalarType type) {
  return type == at::kDouble ? 1.0 - 1e-10 : static_cast<double>(std::nextafterf(1.0f, 0.0f));
}

}  // namespace

Arcface::Arcface(ArcfaceOptions options, at::Generator generator) : options_(options) {
  class_map_ = register_parameter("class_map", initial_class_map(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Arcface::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto& x = batch.embeddings;
  const auto cosine = x.mm(distances::unit_rows(class_map_).t()).clamp(kLowestCosine, highest_cosine(x.scalar_type()));
  const auto own = batch.labels.unsqueeze(1);                                           // [B, 1]
  const auto widened = (cosine.gather(1, own).acos() + options_.angular_margin).cos();  // [B, 1]
  const auto logits = options_.feature_scale * cosine.scatter(1, own, widened);         // [B, C]
  return at::cross_entropy_loss(logits, batch.labels);
}

std::vector<ParameterGroup> Arcface::parameter_groups() const {
  return {{.parameters = {class_map_}, .lr = options_.lr}};
}

Result<std::shared_ptr<Criterion>> make_arcface(const Params& params, const CriterionContext& context) {
  return std::make_shared<Arcface>(ArcfaceOptions{.angular_margin = params.number("angular_margin"),
                                                  .feature_scale = params.number("feature_scale"),
                                                  .lr = params.number("lr"),
                                                  .n_classes = context.n_classes,
                                                  .embed_dim = context.embed_dim},
                                   context.generator);
}

}  // namespace oodml::criteria
