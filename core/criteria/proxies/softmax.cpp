#include "core/criteria/proxies/softmax.h"

#include <optional>
#include <utility>

#include "core/criteria/batch.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/criteria/single_pass/class_numbers.h"
#include "core/criteria/single_pass/cosine_pass.h"
#include "core/criteria/single_pass/cross_entropy.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// The same with its gradient (single_pass/cosine_pass.h).
std::optional<torch::Tensor> in_one_pass(const BatchOutput& batch, const torch::Tensor& class_map,
                                         const SoftmaxOptions& options) {
  const auto own = own_classes(batch.labels, options.n_classes);
  auto pass = own ? CosinePass::of({.vectors = batch.embeddings, .unit_length = false}, {class_map}) : std::nullopt;
  if (!pass) return std::nullopt;
  const RowKernels& kernels = row_kernels();
  const std::int64_t b = pass->rows(), classes = pass->columns();
  const auto scale = static_cast<float>(1.0 / options.temperature);
  double sum = 0.0;
  for (std::int64_t i = 0; i < b; ++i) {
    float* const row = pass->derivatives(i);
    kernels.line(pass->products(i), nullptr, scale, 0.0f, classes, row);
    sum += cross_entropy_of_row(row, (*own)[i], classes, 1.0f / static_cast<float>(b));
    kernels.line(row, nullptr, scale, 0.0f, classes, row);
  }
  return std::move(*pass).loss(sum / static_cast<double>(b));
}

}  // namespace

Softmax::Softmax(SoftmaxOptions options, const at::Generator& generator) : options_(options) {
  class_map_ = register_parameter("class_map", initial_class_map(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Softmax::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto loss = in_one_pass(batch, class_map_, options_)) return *loss;
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
