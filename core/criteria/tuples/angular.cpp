#include "core/criteria/tuples/angular.h"

#include <cmath>
#include <numbers>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kLargestExponent = 50.0;

torch::Tensor row_products(const torch::Tensor& a, const torch::Tensor& b) {
  return (a * b).sum(1, /*keepdim=*/true);  // [T, 1]
}

}  // namespace

torch::Tensor Angular::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_negative_sets(batch, given);
  if (tuples.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto& x = batch.embeddings;
  const auto anchor = x.index_select(0, tuples.anchor), positive = x.index_select(0, tuples.positive);  // [T, D]
  const auto g = (anchor.mm(x.t()) - row_products(anchor, positive)).clamp(-kLargestExponent, kLargestExponent);
  const auto terms = log1p_sum_exp(g, tuples.negative_set, /*dim=*/1) +
                     options_.npair_ang_weight * angular_term(distances::unit_rows(x), tuples);  // [T]
  return mean_over(terms, tuples) + if_any(options_.npair_l2 * mean_row_norm(x), tuples);
}

torch::Tensor Angular::angular_term(const torch::Tensor& unit_rows, const miners::Tuples& tuples) const {
  const double tangent = std::tan(options_.alpha * std::numbers::pi / 180.0), squared = tangent * tangent;
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
