#include "core/metrics/labelled_set.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <numeric>

#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kPieceRows = 4096, kPieceEntries = 1 << 15;

constexpr double kUnitTolerance = 1e-5;  // of the squared norm: rounding of float32 rows

Status check_shapes(const torch::Tensor& embeddings, const torch::Tensor& labels, std::int64_t least_rows) {
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
  if (embeddings.size(0) < least_rows) {
    return invalid_argument("evaluate: needs at least " + std::to_string(least_rows) + " rows, has " +
                            std::to_string(embeddings.size(0)));
  }
  if (labels.min().item<std::int64_t>() < 0) return invalid_argument("evaluate: labels must be 0 or larger");
  return {};
}

/// By each thread in pieces that stay in its cache: fresh memory costs more than the squares.
torch::Tensor row_squares_on_cpu(const torch::Tensor& rows) {
  const std::int64_t piece_rows = std::max<std::int64_t>(kPieceEntries / rows.size(1), 1);
  auto sums = at::empty({rows.size(0)}, rows.options());
  at::parallel_for(0, rows.size(0), piece_rows, [&](std::int64_t first, std::int64_t last) {
    auto squares = at::empty({std::min(piece_rows, last - first), rows.size(1)}, rows.options());
    for (std::int64_t row = first; row < last; row += piece_rows) {
      const auto piece = rows.slice(0, row, std::min(row + piece_rows, last));
      auto own = squares.slice(0, 0, piece.size(0)), to = sums.slice(0, row, row + piece.size(0));
      at::mul_out(own, piece, piece);
      at::sum_out(to, own, 1);
    }
  });
  return sums;
}

/// Row by row in pieces, so that the squares never take the memory of the rows again.
torch::Tensor row_squares(const torch::Tensor& rows) {
  if (rows.is_cpu()) return row_squares_on_cpu(rows);
  std::vector<torch::Tensor> pieces;
  for (const auto& piece : rows.split(kPieceRows)) pieces.push_back(piece.square().sum(1));
  return at::cat(pieces);
}

/// Which rows have squared distances: two as long as the longest may point away from each other.
torch::Tensor have_distances(const torch::Tensor& squares) { return squares.mul(4).isfinite(); }

bool is_finite(const torch::Tensor& squares) { return have_distances(squares).all().item<bool>(); }

Failure not_finite(const torch::Tensor& squares) {
  const auto bad_rows = have_distances(squares).logical_not();
  return invalid_argument("evaluate: " + std::to_string(bad_rows.sum().item<std::int64_t>()) + " of " +
                          std::to_string(bad_rows.size(0)) +
                          " embeddings are not finite, or too large for squared distances; row " +
                          std::to_string(bad_rows.to(at::kByte).argmax().item<std::int64_t>()) + " is the first");
}

}  // namespace

Result<LabelledSet> LabelledSet::make(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                      std::int64_t least_rows) {
  OODML_RETURN_IF_ERROR(check_shapes(embeddings, labels, least_rows));
  LabelledSet set;
  const auto type = embeddings.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  set.embeddings_ = embeddings.detach().to(type).contiguous();
  set.squared_norms_ = row_squares(set.embeddings_);
  if (!is_finite(set.squared_norms_)) {
    const auto squares = row_squares(set.embeddings_.to(at::kDouble));
    if (!is_finite(squares)) return not_finite(squares);
  }

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
      set.class_labels_.push_back(raw[set.rows_by_class_[i]]);
    }
    set.classes_[set.rows_by_class_[i]] = static_cast<std::int64_t>(set.class_starts_.size()) - 1;
  }
  set.class_starts_.push_back(static_cast<std::int64_t>(raw.size()));
  return set;
}

Result<LabelledSet> LabelledSet::in_single_precision() const {
  LabelledSet set = *this;
  set.embeddings_ = embeddings_.to(at::kFloat);
  set.squared_norms_ = row_squares(set.embeddings_);
  if (!is_finite(set.squared_norms_)) return not_finite(set.squared_norms_);
  return set;
}

LabelledSet LabelledSet::normalized() const {
  LabelledSet set = *this;
  set.embeddings_ = at::empty_like(embeddings_);
  for (std::int64_t begin = 0; begin < size(); begin += kPieceRows) {
    const auto piece = embeddings_.slice(0, begin, begin + kPieceRows);
    set.embeddings_.slice(0, begin, begin + kPieceRows).copy_(unit_rows_of_any_length(piece));
  }
  set.squared_norms_ = row_squares(set.embeddings_);
  return set;
}

bool LabelledSet::has_unit_rows() const { return squared_norms_.sub(1).abs().max().item<double>() <= kUnitTolerance; }

bool LabelledSet::has_moderate_norms() const {
  const auto zero_or_moderate =
      squared_norms_.eq(0).logical_or(squared_norms_.ge(1e-12)).logical_and(squared_norms_.le(1e12));
  return zero_or_moderate.all().item<bool>();
}

torch::Tensor LabelledSet::inverse_norms() const {
  return squared_norms_.rsqrt().masked_fill_(squared_norms_.eq(0), 0.0);
}

std::int64_t LabelledSet::class_of_label(std::int64_t label) const {
  const auto found = std::lower_bound(class_labels_.begin(), class_labels_.end(), label);
  return found != class_labels_.end() && *found == label ? found - class_labels_.begin() : -1;
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
