#include "core/criteria/proxies/proxynca.h"

#include <optional>
#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/proxies/classes.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/criteria/single_pass/class_numbers.h"
#include "core/criteria/single_pass/cosine_pass.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// e(i, c): [B, D], [C, D] -> [B, C].
torch::Tensor energies(const torch::Tensor& x, const torch::Tensor& p, ProxyncaDistance distance) {
  switch (distance) {
    case ProxyncaDistance::kNegativeDot:
      return -x.mm(p.t());
    case ProxyncaDistance::kEuclidean:
      return distances::precise_distances(x, p);
    case ProxyncaDistance::kSquared:
      break;
  }
  return x.square().sum(1, /*keepdim=*/true) + p.square().sum(1) - 2 * x.mm(p.t());
}

/// The same with its gradient (single_pass/cosine_pass.h), for energies that are a line of the cosine.
std::optional<torch::Tensor> in_one_pass(const BatchOutput& batch, const torch::Tensor& proxies,
                                         const ProxyncaOptions& options) {
  if (options.distance == ProxyncaDistance::kEuclidean) return std::nullopt;
  const auto own = own_classes(batch.labels, options.n_classes);
  auto pass = own ? CosinePass::of({batch.embeddings}, {proxies}) : std::nullopt;
  if (!pass) return std::nullopt;
  const RowKernels& kernels = row_kernels();
  const std::int64_t b = pass->rows(), classes = pass->columns();
  const double square = options.sphereradius * options.sphereradius;
  const bool squared = options.distance == ProxyncaDistance::kSquared;
  const double slope = (squared ? 2 : 1) * square, shift = squared ? -2 * square : 0;  // of -e in the cosine
  const auto pull_slope = static_cast<float>(slope / options.temperature / static_cast<double>(b));
  double sum = 0.0;
  std::vector<float> terms(classes);
  for (std::int64_t i = 0; i < b; ++i) {
    const std::int64_t y = (*own)[i];
    kernels.line(pass->products(i), nullptr, static_cast<float>(slope), static_cast<float>(shift), classes,
                 terms.data());
    sum -= terms[y] / options.temperature;
    if (!options.all_classes) terms[y] = kNoTerm;
    const auto found = kernels.exponentials(terms.data(), nullptr, classes, /*plus_one=*/false, terms.data());
    sum += found.log;
    kernels.add_scaled(pass->derivatives(i), terms.data(),
                       found.share * static_cast<float>(slope / static_cast<double>(b)), classes);
    pass->derivatives(i)[y] -= pull_slope;
  }
  return std::move(*pass).loss(sum / static_cast<double>(b));
}

ProxyncaDistance distance_of(const Params& params) {
  if (params.flag("cosine_dist")) return ProxyncaDistance::kNegativeDot;
  return params.flag("sq_dist") || params.flag("euclid") ? ProxyncaDistance::kEuclidean : ProxyncaDistance::kSquared;
}

}  // namespace

Proxynca::Proxynca(ProxyncaOptions options, const at::Generator& generator) : options_(options) {
  proxies_ = register_parameter("proxies", initial_proxies(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Proxynca::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto loss = in_one_pass(batch, proxies_, options_)) return *loss;
  const auto x = options_.sphereradius * distances::unit_rows(batch.embeddings);  // [B, D]
  const auto p = options_.sphereradius * distances::unit_rows(proxies_);          // [C, D]
  const auto energy = energies(x, p, options_.distance);                          // [B, C]
  const auto pull = energy.gather(1, batch.labels.unsqueeze(1)) / options_.temperature;
  const auto push = options_.all_classes
                        ? at::logsumexp(-energy, 1)
                        : log_sum_exp(-energy, not_of_class(batch.labels, options_.n_classes), /*dim=*/1);
  return pull.mean() + push.mean();
}

std::vector<ParameterGroup> Proxynca::parameter_groups() const {
  return {{.parameters = {proxies_}, .lr = options_.proxy_lr}};
}

Result<std::shared_ptr<Criterion>> make_proxynca(const Params& params, const CriterionContext& context) {
  return std::make_shared<Proxynca>(ProxyncaOptions{.sphereradius = params.number("sphereradius"),
                                                    .temperature = params.number("temperature"),
                                                    .distance = distance_of(params),
                                                    .all_classes = params.flag("convert_to_p"),
                                                    .proxy_lr = context.lr * params.number("lrmulti"),
                                                    .n_classes = context.n_classes,
                                                    .embed_dim = context.embed_dim},
                                    context.generator);
}

}  // namespace oodml::criteria
