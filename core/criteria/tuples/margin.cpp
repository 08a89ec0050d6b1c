#include "core/criteria/tuples/margin.h"

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kSquaredDistanceShift = 1e-8;

torch::Tensor shifted_distance(const torch::Tensor& a, const torch::Tensor& b) {
  return (distances::row_squared_distances(a, b) + kSquaredDistanceShift).sqrt();
}

}  // namespace

Margin::Margin(MarginOptions options) : options_(options) {
  if (options_.beta_constant) return;
  beta_ = register_parameter("beta", at::full({options_.n_classes}, options_.beta, at::kFloat));
}

torch::Tensor Margin::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto [anchor, positive, negative] = rows_of(batch.embeddings, triplets);  // [T, D]
  const auto beta = options_.beta_constant
                        ? at::full({triplets.anchor.size(0)}, options_.beta, batch.embeddings.options())
                        : beta_.index_select(0, batch.labels.index_select(0, triplets.anchor));  // [T]
  const auto pull = counted((shifted_distance(anchor, positive) - beta + options_.margin).relu(), triplets);
  const auto push = counted((beta - shifted_distance(anchor, negative) + options_.margin).relu(), triplets);

  const auto pulls = pull.detach().gt(0), pushes = push.detach().gt(0);
  const auto active = options_.count_pairs ? pulls.sum() + pushes.sum() : pulls.logical_or(pushes).sum();
  const auto loss = (pull + push).sum() / active.clamp_min(1);
  if (options_.nu == 0.0 || options_.beta_constant) return loss;
  return loss + options_.nu * counted(beta, triplets).sum();
}

std::vector<ParameterGroup> Margin::parameter_groups() const {
  if (options_.beta_constant) return {};
  return {{.parameters = {beta_}, .lr = options_.beta_lr}};
}

Result<std::shared_ptr<Criterion>> make_margin(const Params& params, const CriterionContext& context) {
  return std::make_shared<Margin>(MarginOptions{.margin = params.number("margin"),
                                                .beta = params.number("beta"),
                                                .beta_lr = params.number("beta_lr"),
                                                .beta_constant = params.flag("beta_constant"),
                                                .nu = params.number("nu"),
                                                .count_pairs = params.text("count") == "pairs",
                                                .n_classes = context.n_classes});
}

}  // namespace oodml::criteria
