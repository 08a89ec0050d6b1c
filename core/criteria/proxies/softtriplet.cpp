#include "core/criteria/proxies/softtriplet.h"

#include <cmath>

#include "core/criteria/batch.h"
#include "core/criteria/proxies/classes.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kTwoAndABit = 2.00001;  // keeps the root of equal centroids away from zero
constexpr double kSmallestSquare = 1e-20;

}  // namespace

Softtriplet::Softtriplet(SofttripletOptions options, const at::Generator& generator) : options_(options) {
  const auto columns = options.n_classes * options.n_centroids;
  const double bound = 1.0 / std::sqrt(static_cast<double>(columns));
  centroids_ = register_parameter("centroids", initial_uniform({options.embed_dim, columns}, bound, generator));
}

torch::Tensor Softtriplet::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto centroids = options_.reference_form ? distances::unit_rows(centroids_).t().contiguous()
                                                 : distances::unit_rows(centroids_.t().contiguous());  // [C * K, D]
  const auto similarities = class_similarities(batch.embeddings, centroids);                           // [B, C]
  const auto own = not_of_class(batch.labels, options_.n_classes).logical_not();                       // [B, C]
  const auto logits = options_.lambda * (similarities - options_.margin_delta * own);
  const auto loss = at::cross_entropy_loss(logits, batch.labels);
  return options_.n_centroids == 1 ? loss : loss + options_.reg_weight * spread(centroids);
}

torch::Tensor Softtriplet::class_similarities(const torch::Tensor& embeddings, const torch::Tensor& centroids) const {
  const auto by_class = embeddings.mm(centroids.t()).view({-1, options_.n_classes, options_.n_centroids});
  const auto s = by_class.transpose(1, 2).contiguous();  // [B, K, C]: a softmax over few neighbours in memory is slow
  const auto share =
      options_.reference_form ? at::softmax(options_.gamma * s, /*dim=*/2) : at::softmax(s / options_.gamma, /*dim=*/1);
  return (share * s).sum(1);
}

torch::Tensor Softtriplet::spread(const torch::Tensor& centroids) const {
  const auto k = options_.n_centroids;
  const auto by_class = centroids.view({options_.n_classes, k, -1});  // [C, K, D]
  const auto squares = kTwoAndABit - 2 * by_class.bmm(by_class.transpose(1, 2));
  const auto pairs = squares.clamp_min(kSmallestSquare).sqrt().triu(1);  // [C, K, K], k < l
  return pairs.sum() / static_cast<double>(options_.n_classes * k * (k - 1));
}

std::vector<ParameterGroup> Softtriplet::parameter_groups() const {
  return {{.parameters = {centroids_}, .lr = options_.centroid_lr}};
}

Result<std::shared_ptr<Criterion>> make_softtriplet(const Params& params, const CriterionContext& context) {
  return std::make_shared<Softtriplet>(SofttripletOptions{.n_centroids = params.integer("n_centroids"),
                                                          .margin_delta = params.number("margin_delta"),
                                                          .gamma = params.number("gamma"),
                                                          .lambda = params.number("lambda"),
                                                          .reg_weight = params.number("reg_weight"),
                                                          .centroid_lr = context.lr * params.number("lrmulti"),
                                                          .reference_form = context.compat_paper,
                                                          .n_classes = context.n_classes,
                                                          .embed_dim = context.embed_dim},
                                       context.generator);
}

}  // namespace oodml::criteria
