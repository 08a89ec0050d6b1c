#include "core/criteria/pairs/multisimilarity.h"

#include <cmath>
#include <limits>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::criteria {
namespace {

constexpr double kNoSimilarity = std::numeric_limits<double>::infinity();
constexpr double kSimilarityFloor = 1e-20;

struct ChosenPairs {
  torch::Tensor positive, negative;  ///< [B, B] bool, row = anchor
};

/// similarity [B, B] detached. The bounds never use the anchor itself; only its own row of `positive` may (Q8).
ChosenPairs choose_pairs(const torch::Tensor& similarity, const torch::Tensor& labels, double margin,
                         bool anchor_may_be_positive) {
  const auto same = miners::same_class(labels), other = miners::other_class(labels);
  const auto lowest_positive = at::where(same, similarity, kNoSimilarity).amin(1, /*keepdim=*/true);
  const auto highest_negative = at::where(other, similarity, -kNoSimilarity).amax(1, /*keepdim=*/true);
  const auto candidates = anchor_may_be_positive ? other.logical_not() : same;
  return {candidates.logical_and((similarity - margin).lt(highest_negative)),
          other.logical_and((similarity + margin).gt(lowest_positive))};
}

/// Mean of values [B] over the anchors that count; `fallback` when none does.
torch::Tensor mean_where(const torch::Tensor& values, const torch::Tensor& counts, double fallback) {
  const auto n = counts.sum();
  const auto mean = values.masked_fill(counts.logical_not(), 0).sum() / n.clamp_min(1);
  return fallback == 0.0 ? mean : at::where(n.gt(0), mean, fallback);
}

MultisimilarityVariant variant_of(const std::string& name) {
  if (name == "revisiting") return MultisimilarityVariant::kRevisiting;
  return name == "nir" ? MultisimilarityVariant::kNir : MultisimilarityVariant::kOodml;
}

}  // namespace

torch::Tensor Multisimilarity::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto& x = batch.embeddings;
  const bool oodml = options_.variant == MultisimilarityVariant::kOodml;
  const bool reference_form = oodml && options_.reference_form;

  // A distance is a similarity with the sign changed; so are its thresholds, and every inequality keeps its form.
  const double sign = options_.euclidean ? -1.0 : 1.0;
  const auto similarity =
      options_.euclidean ? -distances::pairwise_distances(x, kSimilarityFloor) : distances::gram_matrix(x);
  const auto chosen = choose_pairs(similarity.detach(), batch.labels, options_.margin, reference_form);

  const double alpha = options_.pos_weight, beta = options_.neg_weight;
  const auto pull = log1p_sum_exp(-alpha * (similarity - sign * options_.pos_thresh), chosen.positive, 1);  // [B]
  const auto push = log1p_sum_exp(beta * (similarity - sign * options_.neg_thresh), chosen.negative, 1);    // [B]

  if (options_.variant == MultisimilarityVariant::kNir) {
    return log1p_exp(pull.mean()) / alpha + log1p_exp(push.mean()) / beta;
  }
  const auto has_pull = chosen.positive.any(1), has_push = chosen.negative.any(1);
  if (options_.variant == MultisimilarityVariant::kRevisiting) {
    return mean_where(pull / alpha + push / beta, has_pull.logical_and(has_push), 0.0);
  }
  const double nothing = reference_form ? std::log(2.0) : 0.0;
  return mean_where(pull, has_pull, nothing) / alpha + mean_where(push, has_push, nothing) / beta;
}

Result<std::shared_ptr<Criterion>> make_multisimilarity(const Params& params, const CriterionContext& context) {
  return std::make_shared<Multisimilarity>(MultisimilarityOptions{.pos_weight = params.number("pos_weight"),
                                                                  .neg_weight = params.number("neg_weight"),
                                                                  .margin = params.number("margin"),
                                                                  .pos_thresh = params.number("pos_thresh"),
                                                                  .neg_thresh = params.number("neg_thresh"),
                                                                  .euclidean = params.text("d_mode") == "euclidean",
                                                                  .variant = variant_of(params.text("variant")),
                                                                  .reference_form = context.compat_paper});
}

}  // namespace oodml::criteria
