#include "core/miners/parametric.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::miners {
namespace {

constexpr double kSquaredFloor = 1e-4;
constexpr double kSmallestWeight = 1e-15;  // of the reference form
constexpr double kHard = 0.5, kVeryHard = 0.3;
constexpr double kSemihardFrom = 0.3, kSemihardTo = 0.7;

torch::Tensor support_points(const ParametricOptions& options, const torch::Tensor& like) {
  // Not linspace, which counts its second half from the end: a point on a threshold might fall to its other side.
  const double step = (options.upper - options.lower) / static_cast<double>(options.n_support - 1);
  return at::arange(options.n_support, like.options().dtype(at::kDouble)) * step + options.lower;
}

torch::Tensor weights_at(const torch::Tensor& points, const ParametricOptions& options) {
  if (options.mode == "hards") return points.le(kHard).to(at::kDouble);
  if (options.mode == "veryhards") return points.le(kVeryHard).to(at::kDouble);
  if (options.mode == "uniform") return at::ones_like(points);
  const auto inside = points.ge(kSemihardFrom).logical_and(points.le(kSemihardTo));
  return options.reference_form ? at::where(inside, 1.0, points) : inside.to(at::kDouble);
}

}  // namespace

torch::Tensor parametric_bin_weights(const ParametricOptions& options, const torch::Tensor& like) {
  const auto weights = weights_at(support_points(options, like), options);
  return options.reference_form ? weights.clamp(kSmallestWeight, 1.0) : weights;
}

torch::Tensor parametric_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const ParametricOptions& options) {
  const auto distances = distances::pairwise_distances(embeddings, kSquaredFloor).to(at::kDouble);  // [B, B]
  const auto interior = support_points(options, embeddings).slice(0, 1, options.n_support - 1);
  const auto bins = at::bucketize(distances, interior);
  const auto other = other_class(labels);
  auto weights = parametric_bin_weights(options, embeddings).take(bins) * other;
  if (!options.reference_form) {
    weights = weights * distances.ge(options.lower).logical_and(distances.le(options.upper));
  }
  const auto none = weights.sum(1, /*keepdim=*/true).eq(0);
  return at::where(none, other.to(at::kDouble), weights);
}

Tuples Parametric::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const Draw positive = draw_per_row(same_class(labels), generator);
  const Draw negative = draw_per_row(parametric_negative_weights(embeddings, labels, options_), generator);
  return {at::arange(labels.size(0), labels.options()), positive.column, negative.column,
          positive.found.logical_and(negative.found)};
}

Result<std::unique_ptr<Miner>> make_parametric(const Params& params, bool compat_paper) {
  const auto& limits = params.numbers("support_lim");
  if (limits.size() != 2 || !(limits[0] < limits[1])) {
    return invalid_argument("miner parametric: support_lim is " + to_display_text(Value(limits)) +
                            "; give two distances, the smaller first: [0.1, 1.4]");
  }
  return std::make_unique<Parametric>(ParametricOptions{.mode = params.text("mode"),
                                                        .n_support = params.integer("n_support"),
                                                        .lower = limits[0],
                                                        .upper = limits[1],
                                                        .reference_form = compat_paper});
}

}  // namespace oodml::miners
