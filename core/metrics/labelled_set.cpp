#include "core/metrics/labelled_set.h"

#include <algorithm>
#include <numeric>

namespace oodml::metrics {
namespace {

constexpr std::int64_t kPieceRows = 4096;

Status check_shapes(const torch::Tensor& embeddings, const torch::Tensor& labels) {
  if (!embeddings.defined() || embeddings.dim() != 2 || !embeddings.is_floating_point() || embeddings.size(1) < 1) {
    return invalid_argument("evaluate: embeddings must be a floating-point matrix [N, D] with D >= 1");
  }
  if (!labels.defined() || labels.dim() != 1 || labels.scalar_type() != at::kLong || !labels.device().is_cpu()) {
    return invalid_argument("evaluate: labels must be int64 [N] on the CPU");
  }
  if (labels.size(0) != embeddings.size(0)) {
    return invalid_argument("evaluate: " + std::to_string(embeddings.size(0)) + " embeddings but " +
                            std::to_string(labels.size(0)) + " labels");
  }
  if (embeddings.size(0) < 2) return invalid_argument("evaluate: needs at least two rows");
  if (labels.min().item<std::int64_t>() < 0) return invalid_argument("evaluate: labels must be 0 or larger");
  return {};
}

/// Row by row in pieces, so that the squares never take the memory of the rows again.
torch::Tensor row_squares(const torch::Tensor& rows) {
  std::vector<torch::Tensor> pieces;
  for (const auto& piece : rows.split(kPieceRows)) pieces.push_back(piece.square().sum(1));
  return at::cat(pieces);
}

Failure not_finite(const torch::Tensor& bad_rows) {
  return invalid_argument("evaluate: " + std::to_string(bad_rows.sum().item<std::int64_t>()) + " of " +
                          std::to_string(bad_rows.size(0)) +
                          " embeddings are not finite, or too large to square; row " +
                          std::to_string(bad_rows.to(at::kByte).argmax().item<std::int64_t>()) + " is the first");
}

}  // namespace

Result<LabelledSet> LabelledSet::make(const torch::Tensor& embeddings, const torch::Tensor& labels) {
  OODML_RETURN_IF_ERROR(check_shapes(embeddings, labels));
  LabelledSet set;
  set.embeddings_ = embeddings.detach().to(at::kFloat).contiguous();
  set.squared_norms_ = row_squares(set.embeddings_);
  const auto bad_rows = set.squared_norms_.isfinite().logical_not();
  if (bad_rows.any().item<bool>()) return not_finite(bad_rows);

  const auto contiguous = labels.contiguous();
  const std::span<const std::int64_t> raw(contiguous.const_data_ptr<std::int64_t>(),
                                          static_cast<std::size_t>(contiguous.size(0)));
  set.rows_by_class_.resize(raw.size());
  std::iota(set.rows_by_class_.begin(), set.rows_by_class_.end(), 0);
  std::stable_sort(set.rows_by_class_.begin(), set.rows_by_class_.end(),
                   [&](std::int64_t a, std::int64_t b) { return raw[a] < raw[b]; });
  set.classes_.resize(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (i == 0 || raw[set.rows_by_class_[i]] != raw[set.rows_by_class_[i - 1]]) {
      set.class_starts_.push_back(static_cast<std::int64_t>(i));
    }
    set.classes_[set.rows_by_class_[i]] = static_cast<std::int64_t>(set.class_starts_.size()) - 1;
  }
  set.class_starts_.push_back(static_cast<std::int64_t>(raw.size()));
  return set;
}

std::span<const std::int64_t> LabelledSet::members(std::int64_t class_index) const {
  const auto begin = class_starts_[class_index], end = class_starts_[class_index + 1];
  return std::span(rows_by_class_).subspan(begin, end - begin);
}

std::int64_t LabelledSet::class_size_of_row(std::int64_t row) const {
  const auto c = classes_[row];
  return class_starts_[c + 1] - class_starts_[c];
}

}  // namespace oodml::metrics
