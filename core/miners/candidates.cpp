#include "core/miners/candidates.h"

#include <algorithm>

namespace oodml::miners {

torch::Tensor class_equality(const torch::Tensor& labels) { return labels.unsqueeze(1).eq(labels.unsqueeze(0)); }

torch::Tensor same_class(const torch::Tensor& labels) {
  auto same = class_equality(labels);
  same.fill_diagonal_(false);
  return same;
}

torch::Tensor other_class(const torch::Tensor& labels) { return labels.unsqueeze(1).ne(labels.unsqueeze(0)); }

namespace {

/// The same choice as through cumulative sums: of n candidates the one with floor(uniform * n) others before it.
Draw draw_among_candidates(const torch::Tensor& candidates, const at::Generator& generator) {
  const std::int64_t rows = candidates.size(0), columns = candidates.size(1);
  const auto mask = candidates.contiguous(), uniform = at::rand({rows}, generator, at::kDouble);
  Draw draw{at::empty({rows}, at::kLong), at::empty({rows}, at::kBool)};
  const bool* row = mask.const_data_ptr<bool>();
  for (std::int64_t i = 0; i < rows; ++i, row += columns) {
    const auto found = std::count(row, row + columns, true);
    auto before = static_cast<std::int64_t>(uniform.const_data_ptr<double>()[i] * static_cast<double>(found));
    std::int64_t column = 0;
    while (column < columns - 1 && !(row[column] && before-- == 0)) ++column;
    draw.column.mutable_data_ptr<std::int64_t>()[i] = column;
    draw.found.mutable_data_ptr<bool>()[i] = found > 0;
  }
  return draw;
}

}  // namespace

Draw draw_per_row(const torch::Tensor& weights, const at::Generator& generator) {
  if (weights.size(1) == 0) return {weights.sum(1, false, at::kLong), weights.any(1)};
  if (weights.is_cpu() && weights.scalar_type() == at::kBool) return draw_among_candidates(weights, generator);
  const auto cumulative = weights.to(at::kDouble).cumsum(1);                          // [R, C]
  const auto total = cumulative.select(1, -1);                                        // [R]
  const auto uniform = at::rand({weights.size(0)}, generator, cumulative.options());  // [R] in [0, 1)
  // uniform < 1 keeps the target below the total, so the first larger entry belongs to a positive weight.
  const auto column = at::searchsorted(cumulative, (uniform * total).unsqueeze(1), /*out_int32=*/false,
                                       /*right=*/true);
  return {column.squeeze(1).clamp_max(weights.size(1) - 1), total.gt(0)};
}

}  // namespace oodml::miners
