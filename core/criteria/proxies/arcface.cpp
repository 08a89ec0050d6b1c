#include "core/criteria/proxies/arcface.h"

#include <algorithm>
#include <cmath>
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

constexpr double kLowestCosine = 1e-10;

double highest_cosine(at::ScalarType type) {
  return type == at::kDouble ? 1.0 - 1e-10 : static_cast<double>(std::nextafterf(1.0f, 0.0f));
}

/// cos(angle + margin) and its derivative in the cosine.
std::pair<float, float> widened_cosine(double cosine, double margin) {
  const double sine = std::sqrt(1.0 - cosine * cosine);
  return {static_cast<float>(cosine * std::cos(margin) - sine * std::sin(margin)),
          static_cast<float>(std::cos(margin) + cosine / sine * std::sin(margin))};
}

/// The same with its gradient (single_pass/cosine_pass.h).
std::optional<torch::Tensor> in_one_pass(const BatchOutput& batch, const torch::Tensor& class_map,
                                         const ArcfaceOptions& options) {
  const auto own = own_classes(batch.labels, options.n_classes);
  auto pass = own ? CosinePass::of({.vectors = batch.embeddings, .unit_length = false}, {class_map}) : std::nullopt;
  if (!pass) return std::nullopt;
  const std::int64_t b = pass->rows(), classes = pass->columns();
  const auto scale = static_cast<float>(options.feature_scale), lowest = static_cast<float>(kLowestCosine);
  const auto highest = static_cast<float>(highest_cosine(at::kFloat));
  double sum = 0.0;
  for (std::int64_t i = 0; i < b; ++i) {
    const std::int64_t y = (*own)[i];
    const float* const cosines = pass->products(i);
    float* const row = pass->derivatives(i);
    for (std::int64_t c = 0; c < classes; ++c) row[c] = scale * std::min(std::max(cosines[c], lowest), highest);
    const auto [widened, slope] = widened_cosine(std::clamp(cosines[y], lowest, highest), options.angular_margin);
    row[y] = scale * widened;
    sum += cross_entropy_of_row(row, y, classes, 1.0f / static_cast<float>(b));
    row[y] *= slope;
    for (std::int64_t c = 0; c < classes; ++c) {
      row[c] = cosines[c] >= lowest && cosines[c] <= highest ? scale * row[c] : 0.0f;
    }
  }
  return std::move(*pass).loss(sum / static_cast<double>(b));
}

}  // namespace

Arcface::Arcface(ArcfaceOptions options, at::Generator generator) : options_(options) {
  class_map_ = register_parameter("class_map", initial_class_map(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Arcface::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto loss = in_one_pass(batch, class_map_, options_)) return *loss;
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
