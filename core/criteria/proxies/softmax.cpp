#include "core/criteria/proxies/softmax.h"

#include "core/criteria/batch.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {

Softmax::Softmax(SoftmaxOptions options, const at::Generator& generator) : options_(options) {
  class_map_ = register_parameter("class_map", initial_class_map(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Softmax::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto logits = batch.embeddings.mm(distances::unit_rows(class_map_).t()) / options_.temperature;  // [B, C]
  return at::cross_entropy_loss(logits, batch.labels);
}

std::vector<ParameterGroup> Softmax::parameter_groups() const {
  return {{.parameters = {class_map_}, .lr = options_.lr}};
}

Result<std::shared_ptr<Criterion>> make_softmax(const Params& params, const CriterionContext& context) {
  return std::make_shared<Softmax>(SoftmaxOptions{.temperature = params.number("temperature"),
                                                  .lr = params.number("lr"),
                                                  .n_classes = context.n_classes,
                                                  .embed_dim = context.embed_dim},
                                   context.generator);
}

}  // namespace oodml::criteria
