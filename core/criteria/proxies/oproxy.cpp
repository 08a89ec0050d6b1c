#include "core/criteria/proxies/oproxy.h"

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/proxies/classes.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::criteria {
namespace {

constexpr double kProxyFloor = 1e-20;

torch::Tensor anchor_loss(const torch::Tensor& u, const torch::Tensor& v, const torch::Tensor& labels,
                          const OproxyOptions& options) {
  const auto same = miners::class_equality(labels);                             // [B, B]
  const auto pull = log1p_sum_exp(u.index_select(1, labels), same, /*dim=*/0);  // [B], one for each sample
  const auto negatives = not_of_class(labels, options.n_classes);               // [B, C]
  const auto push = log1p_sum_exp(v, negatives, /*dim=*/0).sum();
  const auto pushed_classes = negatives.any(0).sum().clamp_min(1);
  const auto push_mean = options.nir ? push / options.n_classes : push / pushed_classes;
  if (!options.unique) return pull.mean() + push_mean;
  const auto share = same.sum(0).to(pull.scalar_type()).reciprocal();  // [B], 1 / samples of the class
  return (pull * share).sum() / share.sum() + push_mean;
}

torch::Tensor nca_loss(const torch::Tensor& u, const torch::Tensor& v, const torch::Tensor& labels,
                       const OproxyOptions& options) {
  auto pull = u.gather(1, labels.unsqueeze(1)).squeeze(1);  // [B]
  if (!options.unique) pull = pull + miners::class_equality(labels).sum(1).to(u.scalar_type()).log();
  const auto push = log1p_sum_exp(v, not_of_class(labels, options.n_classes), /*dim=*/1);
  return log1p_exp(pull).mean() + push.mean();
}

}  // namespace

torch::Tensor oproxy_loss(const torch::Tensor& embeddings, const torch::Tensor& labels, const torch::Tensor& proxies,
                          const OproxyOptions& options) {
  const auto x = distances::unit_rows(embeddings);                                                        // [B, D]
  const auto p = distances::unit_rows(options.detach_proxies ? proxies.detach() : proxies);               // [C, D]
  const auto sigma = options.euclidean ? distances::pairwise_distances(x, p, kProxyFloor) : x.mm(p.t());  // [B, C]
  const double sign = options.euclidean ? -1.0 : 1.0;
  const auto u = -sign * options.pos_alpha * (sigma - options.pos_delta);
  const auto v = sign * options.neg_alpha * (sigma - options.neg_delta);
  return options.nca ? nca_loss(u, v, labels, options) : anchor_loss(u, v, labels, options);
}

Oproxy::Oproxy(OproxyOptions options, at::Generator generator) : options_(options) {
  proxies_ = register_parameter("proxies", initial_proxies(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Oproxy::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  return oproxy_loss(batch.embeddings, batch.labels, proxies_, options_);
}

std::vector<ParameterGroup> Oproxy::parameter_groups() const {
  return {{.parameters = {proxies_}, .lr = options_.proxy_lr}};
}

Result<std::shared_ptr<Criterion>> make_oproxy(const Params& params, const CriterionContext& context) {
  return std::make_shared<Oproxy>(OproxyOptions{.nca = params.text("mode") == "nca",
                                                .pos_alpha = params.number("pos_alpha"),
                                                .neg_alpha = params.number("neg_alpha"),
                                                .pos_delta = params.number("pos_delta"),
                                                .neg_delta = params.number("neg_delta"),
                                                .euclidean = params.flag("euclidean"),
                                                .detach_proxies = params.flag("detach_proxies"),
                                                .unique = params.flag("unique"),
                                                .nir = params.text("variant") == "nir",
                                                .proxy_lr = context.lr * params.number("lrmulti"),
                                                .n_classes = context.n_classes,
                                                .embed_dim = context.embed_dim},
                                  context.generator);
}

}  // namespace oodml::criteria
