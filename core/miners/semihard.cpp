#include "core/miners/semihard.h"

#include <algorithm>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::miners {

namespace {

bool lies_in_rows(const torch::Tensor& values, at::ScalarType type) {
  return values.is_cpu() && values.scalar_type() == type && values.is_contiguous();
}

/// The same without a tensor for each step of it.
NegativeCandidates semihard_negatives_by_row(const torch::Tensor& distances, const torch::Tensor& other,
                                             const torch::Tensor& anchor, const torch::Tensor& positive,
                                             double margin) {
  const std::int64_t size = anchor.size(0), columns = distances.size(1);
  NegativeCandidates found{at::empty({size, columns}, at::kBool), at::empty({size}, at::kBool)};
  const auto a = anchor.accessor<std::int64_t, 1>(), p = positive.accessor<std::int64_t, 1>();
  bool* mask = found.mask.mutable_data_ptr<bool>();
  for (std::int64_t t = 0; t < size; ++t, mask += columns) {
    const float* const d = distances.const_data_ptr<float>() + a[t] * columns;
    const bool* const negative = other.const_data_ptr<bool>() + a[t] * columns;
    const float from = d[p[t]], to = from + static_cast<float>(margin);
    bool any = false;
    for (std::int64_t j = 0; j < columns; ++j) any |= mask[j] = negative[j] & (d[j] > from) & (d[j] < to);
    if (!any) std::copy(negative, negative + columns, mask);
    found.fallback.mutable_data_ptr<bool>()[t] = !any;
  }
  return found;
}

}  // namespace

NegativeCandidates semihard_negatives(const torch::Tensor& distances, const torch::Tensor& other,
                                      const torch::Tensor& anchor, const torch::Tensor& positive, double margin) {
  const bool small = lies_in_rows(distances, at::kFloat) && lies_in_rows(other, at::kBool) && anchor.is_cpu();
  if (small && positive.is_cpu()) return semihard_negatives_by_row(distances, other, anchor, positive, margin);
  const auto d_an = distances.index_select(0, anchor);      // [T, B]
  const auto d_ap = d_an.gather(1, positive.unsqueeze(1));  // [T, 1]
  const auto negatives = other.index_select(0, anchor);     // [T, B]
  const auto window = negatives.logical_and(d_an.gt(d_ap)).logical_and(d_an.lt(d_ap + margin));
  const auto fallback = window.any(1).logical_not();
  return {window.logical_or(negatives.logical_and(fallback.unsqueeze(1))), fallback};
}

Tuples Semihard::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto distances = distances::pairwise_distances(embeddings, /*squared_floor=*/0.0);
  const auto anchor = at::arange(labels.size(0), labels.options());
  const Draw positive = draw_per_row(same_class(labels), generator);
  const auto candidates = semihard_negatives(distances, other_class(labels), anchor, positive.column, margin_);
  const Draw negative = draw_per_row(candidates.mask, generator);
  return {anchor, positive.column, negative.column, positive.found.logical_and(negative.found)};
}

}  // namespace oodml::miners
