#include "core/criteria/diva/moco.h"

#include <limits>
#include <stdexcept>

#include "core/criteria/batch.h"

namespace oodml::criteria {
namespace {

constexpr double kLowestTemperature = 1e-8, kHighestTemperature = 1e4;
constexpr double kSmallestDenormal = 1e-45;
/// Of 1 - delta^2 / 4, whose logarithm the references take at 0 and below for keys opposite to a query.
constexpr double kSmallestHeight = 1e-8;

void check_keys(const BatchOutput& batch) {
  const auto &q = batch.embeddings, &k = batch.keys, &u = batch.queue;
  if (!q.defined() || q.dim() != 2 || !k.defined() || k.sizes() != q.sizes()) {
    throw std::invalid_argument("moco: needs embeddings [B, D] and keys of the same shape");
  }
  if (!u.defined() || u.dim() != 2 || u.size(1) != q.size(1)) {
    throw std::invalid_argument("moco: needs a queue [K, D] of keys as long as the embeddings");
  }
}

MocoOptions options_of(const Params& params) {
  return {.temperature = params.number("temperature"),
          .trainable_temp = params.flag("trainable_temp"),
          .temp_lr = params.number("temp_lr")};
}

}  // namespace

torch::Tensor key_weights(const torch::Tensor& queries, const torch::Tensor& queue, const KeyWeighting& weighting) {
  const at::NoGradGuard no_grad;
  const double dim = static_cast<double>(queries.size(1));
  const auto squared = 2 - 2 * queries.mm(queue.t());  // [B, K]
  const auto distance = squared.clamp_min(0).sqrt().clamp_min(weighting.lower_cutoff);
  const auto height = (1 - distance.square() / 4).clamp_min(kSmallestHeight);
  const auto omega = (2 - dim) * distance.log() - 0.5 * (dim - 3) * height.log();
  const double floor = weighting.denormal_floor ? kSmallestDenormal : std::numeric_limits<float>::min();
  const auto weights =
      (omega - omega.amax()).exp().masked_fill(distance.gt(weighting.upper_cutoff), 0).clamp_min(floor);
  return weights / weights.sum(0, /*keepdim=*/true);
}

Moco::Moco(MocoOptions options) : options_(std::move(options)) {
  if (!options_.trainable_temp) return;
  temperature_ = register_parameter("temperature", at::scalar_tensor(options_.temperature, at::kFloat));
}

torch::Tensor Moco::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_keys(batch);
  const auto &q = batch.embeddings, &queue = batch.queue;
  if (q.size(0) == 0) return attached_zero(q);
  const auto own = (q * batch.keys).sum(1, /*keepdim=*/true);  // [B, 1]
  auto others = q.mm(queue.t());                               // [B, K]
  if (options_.weighting && queue.size(0) > 0) others = others * key_weights(q, queue, *options_.weighting);
  auto logits = at::cat({own, others}, 1);  // [B, 1 + K]
  logits = temperature_.defined() ? logits / temperature_.clamp(kLowestTemperature, kHighestTemperature)
                                  : logits / options_.temperature;
  return (logits.logsumexp(1) - logits.select(1, 0)).mean();
}

std::vector<ParameterGroup> Moco::parameter_groups() const {
  if (!temperature_.defined()) return {};
  return {{.parameters = {temperature_}, .lr = options_.temp_lr}};
}

Result<std::shared_ptr<Criterion>> make_moco(const Params& params, const CriterionContext&) {
  return std::make_shared<Moco>(options_of(params));
}

Result<std::shared_ptr<Criterion>> make_fast_moco(const Params& params, const CriterionContext& context) {
  MocoOptions options = options_of(params);
  options.weighting = KeyWeighting{.lower_cutoff = params.number("lower_cutoff"),
                                   .upper_cutoff = params.number("upper_cutoff"),
                                   .denormal_floor = context.compat_paper};
  return std::make_shared<Moco>(options);
}

}  // namespace oodml::criteria
