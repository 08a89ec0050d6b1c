#include "core/criteria/tuples/angular.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/single_pass/pair_pass.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/criteria/single_pass/tuple_view.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kLargestExponent = 50.0;

torch::Tensor row_products(const torch::Tensor& a, const torch::Tensor& b) {
  return (a * b).sum(1, /*keepdim=*/true);  // [T, 1]
}

double squared_tangent(double degrees) {
  const double tangent = std::tan(degrees * std::numbers::pi / 180.0);
  return tangent * tangent;
}

/// The same with its gradient (single_pass/pair_pass.h): one product serves the rows and the unit rows.
class AngularPass {
 public:
  AngularPass(PairPass pass, const TupleView& tuples, const AngularOptions& options)
      : pass_(std::move(pass)), tuples_(tuples), options_(options), cosines_(pass_), terms_(pass_.rows()) {
    squared_ = static_cast<float>(squared_tangent(options.alpha));
    for (std::int64_t i = 0; i < pass_.rows(); ++i) longest_ = std::max(longest_, pass_.squared_length(i));
  }

  torch::Tensor loss() && {
    const std::int64_t counting = tuples_.counting();
    if (counting == 0) return std::move(pass_).loss(0.0);
    double sum = 0.0;
    for (std::int64_t t = 0; t < tuples_.size; ++t) {
      if (!tuples_.counts(t)) continue;
      const float share = 1.0f / static_cast<float>(counting);
      sum += npair_term(t, share) +
             options_.npair_ang_weight * angular_term(t, static_cast<float>(options_.npair_ang_weight) * share);
    }
    cosines_.add_to(pass_);
    const double norms = pass_.add_mean_length(options_.npair_l2);
    return std::move(pass_).loss(sum / static_cast<double>(counting) + norms);
  }

 private:
  double npair_term(std::int64_t t, float share) {
    const std::int64_t b = pass_.rows(), a = tuples_.anchor[t], p = tuples_.positive[t];
    const float* const s = pass_.products(a);
    float* const z = terms_.data();
    kernels_.line(s, nullptr, 1.0f, -s[p], b, z);
    static constexpr auto kLargest = static_cast<float>(kLargestExponent);
    const bool clamps = 2 * longest_ > kLargest;  // no product is larger than the longest row's
    if (clamps) std::ranges::transform(terms_, z, [](float g) { return std::clamp(g, -kLargest, kLargest); });
    const auto found = kernels_.exponentials(z, tuples_.negative_set + t * b, b, true, z);
    for (std::int64_t j = 0; clamps && j < b; ++j) {
      if (std::abs(s[j] - s[p]) > kLargest) z[j] = 0.0f;
    }
    share *= found.share;
    pass_.derivatives(a)[p] -= share * kernels_.add_scaled(pass_.derivatives(a), z, share, b);
    return found.log;
  }

  double angular_term(std::int64_t t, float share) {
    const std::int64_t b = pass_.rows(), a = tuples_.anchor[t], p = tuples_.positive[t];
    const float *const s = pass_.products(a), *const inverse = cosines_.inverse_lengths();
    const float towards = 4 * squared_, between = 2 * (1 + squared_);
    float* const z = terms_.data();
    kernels_.line(s, inverse, towards * inverse[a], -between * s[p] * inverse[a] * inverse[p], b, z);
    kernels_.add_weighted(z, pass_.products(p), inverse, towards * inverse[p], b);
    const auto found = kernels_.exponentials(z, tuples_.negative_set + t * b, b, true, z);
    share *= found.share;
    kernels_.add_scaled(cosines_.derivatives(p), z, towards * share, b);
    const float sum = kernels_.add_scaled(cosines_.derivatives(a), z, towards * share, b);
    cosines_.derivatives(a)[p] -= between * share * sum;
    return found.log;
  }

  PairPass pass_;
  TupleView tuples_;
  AngularOptions options_;
  Cosines cosines_;
  std::vector<float> terms_;
  const RowKernels& kernels_ = row_kernels();
  float squared_ = 0.0f, longest_ = 0.0f;
};

}  // namespace

torch::Tensor Angular::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_negative_sets(batch, given);
  if (tuples.anchor.size(0) == 0) return attached_zero(batch.embeddings);
  const auto& x = batch.embeddings;
  if (const auto view = view_of(tuples, x.size(0))) {
    if (auto pass = PairPass::of(x)) return AngularPass(std::move(*pass), *view, options_).loss();
  }
  const auto anchor = x.index_select(0, tuples.anchor), positive = x.index_select(0, tuples.positive);  // [T, D]
  const auto g = (anchor.mm(x.t()) - row_products(anchor, positive)).clamp(-kLargestExponent, kLargestExponent);
  const auto terms = log1p_sum_exp(g, tuples.negative_set, /*dim=*/1) +
                     options_.npair_ang_weight * angular_term(distances::unit_rows(x), tuples);  // [T]
  return mean_over(terms, tuples) + if_any(options_.npair_l2 * mean_row_norm(x), tuples);
}

torch::Tensor Angular::angular_term(const torch::Tensor& unit_rows, const miners::Tuples& tuples) const {
  const double squared = squared_tangent(options_.alpha);
  const auto anchor = unit_rows.index_select(0, tuples.anchor);
  const auto positive = unit_rows.index_select(0, tuples.positive);
  const auto f = 4 * squared * (anchor + positive).mm(unit_rows.t()) -
                 2 * (1 + squared) * row_products(anchor, positive);  // [T, B]
  return log1p_sum_exp(f, tuples.negative_set, /*dim=*/1);
}

Result<std::shared_ptr<Criterion>> make_angular(const Params& params, const CriterionContext&) {
  return std::make_shared<Angular>(AngularOptions{.alpha = params.number("alpha"),
                                                  .npair_ang_weight = params.number("npair_ang_weight"),
                                                  .npair_l2 = params.number("npair_l2")});
}

}  // namespace oodml::criteria
