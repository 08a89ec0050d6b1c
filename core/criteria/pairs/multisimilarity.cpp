#include "core/criteria/pairs/multisimilarity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/single_pass/class_numbers.h"
#include "core/criteria/single_pass/pair_pass.h"
#include "core/criteria/single_pass/row_kernels.h"
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

/// One term of every anchor: pull or push.
struct Side {
  Side(std::int64_t b, double at_weight) : weight(at_weight), terms(b * b), value(b), slope(b), taken(b) {}

  void sum(std::int64_t i) {
    const auto b = std::ssize(value);
    const auto found = row_kernels().exponentials(&terms[i * b], nullptr, b, /*plus_one=*/true, &terms[i * b]);
    value[i] = found.log;
    slope[i] = found.share;
  }

  double weight;              ///< alpha or beta
  std::vector<float> terms;   ///< [B, B] what is in the exponent, then its exponential.
  std::vector<double> value;  ///< [B]
  std::vector<float> slope;   ///< [B]: times the exponential of a pair, the derivative of the value in its exponent.
  std::vector<std::int64_t> taken;  ///< [B] pairs
};

struct Reduction {
  double value = 0.0;
  std::vector<double> slopes;  ///< Derivatives in each anchor's term.
};

/// The mean over the anchors that count, divided by the weight.
Reduction mean_of(const Side& side, const std::vector<bool>& counts) {
  const auto n = static_cast<double>(std::max<std::int64_t>(std::count(counts.begin(), counts.end(), true), 1));
  Reduction reduced;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    reduced.slopes.push_back(counts[i] ? 1 / (n * side.weight) : 0.0);
    reduced.value += reduced.slopes[i] * side.value[i];
  }
  return reduced;
}

/// softplus of the mean over all anchors, divided by the weight.
Reduction softplus_of_mean(const Side& side) {
  Reduction reduced = mean_of(side, std::vector<bool>(side.value.size(), true));
  const double mean = reduced.value * side.weight, slope = 1 / (1 + std::exp(-mean));
  for (double& each : reduced.slopes) each *= slope;
  reduced.value = (std::max(mean, 0.0) + std::log1p(std::exp(-std::abs(mean)))) / side.weight;
  return reduced;
}

Reduction reduced(const Side& side, const Side& other, MultisimilarityVariant variant) {
  if (variant == MultisimilarityVariant::kNir) return softplus_of_mean(side);
  std::vector<bool> counts;
  for (std::size_t i = 0; i < side.taken.size(); ++i) {
    counts.push_back(side.taken[i] > 0 && (variant == MultisimilarityVariant::kOodml || other.taken[i] > 0));
  }
  return mean_of(side, counts);
}

/// The same with its gradient (single_pass/pair_pass.h), for dot products and their own reduction.
std::optional<torch::Tensor> in_one_pass(const torch::Tensor& x, const torch::Tensor& labels,
                                         const MultisimilarityOptions& options) {
  if (options.euclidean || options.reference_form) return std::nullopt;
  const auto classes = class_numbers(labels);
  auto pass = classes ? PairPass::of(x) : std::nullopt;
  if (!pass) return std::nullopt;
  const RowKernels& kernels = row_kernels();
  const std::int64_t b = pass->rows();
  Side pull(b, options.pos_weight), push(b, options.neg_weight);
  const Line pull_line = line_of(-options.pos_weight, options.pos_thresh);
  const Line push_line = line_of(options.neg_weight, options.neg_thresh);
  std::vector<float> others(b);
  for (std::int64_t i = 0; i < b; ++i) {
    std::copy_n(pass->products(i), b, others.begin());
    others[i] = kNoTerm;  // the anchor itself is in no set
    const Bounds bounds = kernels.bounds(others.data(), classes->data(), (*classes)[i], b);
    const Taken taken =
        kernels.take(others.data(), classes->data(), (*classes)[i], bounds, static_cast<float>(options.margin),
                     pull_line, push_line, b, &pull.terms[i * b], &push.terms[i * b]);
    pull.taken[i] = taken.same;
    push.taken[i] = taken.other;
    pull.sum(i);
    push.sum(i);
  }
  const Reduction pulled = reduced(pull, push, options.variant), pushed = reduced(push, pull, options.variant);
  for (std::int64_t i = 0; i < b; ++i) {
    const auto of_pull = static_cast<float>(-pull.weight * pulled.slopes[i] * pull.slope[i]);
    const auto of_push = static_cast<float>(push.weight * pushed.slopes[i] * push.slope[i]);
    kernels.add_scaled(pass->derivatives(i), &pull.terms[i * b], of_pull, b);
    kernels.add_scaled(pass->derivatives(i), &push.terms[i * b], of_push, b);
  }
  return std::move(*pass).loss(pulled.value + pushed.value);
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
  if (const auto loss = in_one_pass(x, batch.labels, options_)) return *loss;
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
