#include "core/metrics/centred_rows.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/metrics/double_rows.h"

namespace oodml::metrics {
namespace {

constexpr double kRoundoff = 0x1p-24;  // of single precision
constexpr std::int64_t kGrainRows = 256, kGrainEntries = 64;

template <typename Number>
double inverse_norm(const Number* row, std::int64_t dim) {
  double largest = 0.0, sum = 0.0;
  for (std::int64_t d = 0; d < dim; ++d) largest = std::max(largest, std::abs(static_cast<double>(row[d])));
  if (largest == 0.0) return 0.0;
  for (std::int64_t d = 0; d < dim; ++d) {
    const double value = static_cast<double>(row[d]) / largest;
    sum += value * value;
  }
  return 1.0 / (largest * std::sqrt(sum));
}

constexpr double kVanishing = 0x1p-1000;  // inverse norms of such rows overflow
constexpr double kLift = 0x1p100;

/// Rows of double precision whose entries all are almost nothing become longer; their directions stay.
torch::Tensor with_rows_lifted(const torch::Tensor& values) {
  if (values.scalar_type() != at::kDouble) return values;
  const auto vanishes = values.abs().amax(1, /*keepdim=*/true).lt(kVanishing);
  if (!vanishes.any().item<bool>()) return values;
  return at::where(vanishes, values * kLift, values).contiguous();
}

/// Rows that are far apart in memory are asked for while others are worked on.
template <typename Number>
void bring_near(const Number* row, std::int64_t dim) {
  constexpr auto kCacheLine = static_cast<std::int64_t>(64 / sizeof(Number));
  for (std::int64_t d = 0; d < dim; d += kCacheLine) __builtin_prefetch(row + d);
}

/// Calls `use` with the values as they are stored.
template <typename Use>
auto with_values(const torch::Tensor& values, bool is_double, Use use) {
  return is_double ? use(values.const_data_ptr<double>()) : use(values.const_data_ptr<float>());
}

}  // namespace

SpaceRows::SpaceRows(const LabelledSet& set, Space space)
    : values_(set.embeddings()),
      size_(values_.size(0)),
      dim_(values_.size(1)),
      is_double_(values_.scalar_type() == at::kDouble) {
  if (space == Space::kEuclidean) return;
  values_ = with_rows_lifted(values_);
  factors_.resize(static_cast<std::size_t>(size_));
  with_values(values_, is_double_, [&](const auto* values) {
    at::parallel_for(0, size_, kGrainRows, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t row = first; row < last; ++row) factors_[row] = inverse_norm(values + row * dim_, dim_);
    });
  });
  has_zero_rows_ = std::ranges::find(factors_, 0.0) != factors_.end();
}

std::vector<double> SpaceRows::mean() const {
  std::vector<double> sum(static_cast<std::size_t>(dim_), 0.0);
  // Each thread has entries of its own, of all rows in their order: the same sums for any number of threads.
  at::parallel_for(0, dim_, kGrainEntries, [&](std::int64_t first, std::int64_t last) {
    with_values(values_, is_double_, [&](const auto* values) {
      for (std::int64_t row = 0; row < size_; ++row) {
        add_row(values + row * dim_ + first, factor(row), last - first, sum.data() + first);
      }
    });
  });
  for (double& value : sum) value /= static_cast<double>(size_);
  return sum;
}

void SpaceRows::add_to(std::int64_t row, std::vector<double>& sum) const {
  with_values(values_, is_double_,
              [&](const auto* values) { add_row(values + row * dim_, factor(row), dim_, sum.data()); });
}

void SpaceRows::add_moved_to(std::span<const std::int64_t> rows, const std::vector<double>& centre,
                             std::vector<double>& sum) const {
  with_values(values_, is_double_, [&]<typename Number>(const Number* values) {
    while (rows.size() >= 4) {
      const std::array<const Number*, 4> four{values + rows[0] * dim_, values + rows[1] * dim_, values + rows[2] * dim_,
                                              values + rows[3] * dim_};
      for (const std::int64_t next : rows.subspan(4, std::min<std::size_t>(4, rows.size() - 4))) {
        bring_near(values + next * dim_, dim_);
      }
      const std::array<double, 4> factors{factor(rows[0]), factor(rows[1]), factor(rows[2]), factor(rows[3])};
      add_four_moved_rows(four.data(), factors.data(), centre.data(), dim_, sum.data());
      rows = rows.subspan(4);
    }
    for (const std::int64_t row : rows) {
      add_moved_row(values + row * dim_, factor(row), centre.data(), dim_, sum.data());
    }
  });
}

double SpaceRows::move(std::int64_t row, const std::vector<double>& centre, double scale, float* moved) const {
  return with_values(values_, is_double_, [&](const auto* values) {
    return move_row(values + row * dim_, factor(row), centre.data(), scale, dim_, moved);
  });
}

double SpaceRows::squared_distance(std::int64_t row, const SpaceRows& others, std::int64_t other) const {
  if (is_double_) {
    return squared_difference(values_.const_data_ptr<double>() + row * dim_, factor(row),
                              others.values_.const_data_ptr<double>() + other * dim_, others.factor(other), dim_);
  }
  return squared_difference(values_.const_data_ptr<float>() + row * dim_, factor(row),
                            others.values_.const_data_ptr<float>() + other * dim_, others.factor(other), dim_);
}

double SpaceRows::squared_distance(std::int64_t row, const std::vector<double>& centre, const double* point) const {
  return with_values(values_, is_double_, [&](const auto* values) {
    return squared_difference(values + row * dim_, factor(row), centre.data(), point, dim_);
  });
}

CentredRows CentredRows::of(const SpaceRows& rows, const std::vector<double>& centre, double scale) {
  CentredRows moved{.rows = at::empty({rows.size(), rows.dim()}, at::kFloat),
                    .norms = std::vector<double>(static_cast<std::size_t>(rows.size()))};
  float* const to = moved.rows.mutable_data_ptr<float>();
  at::parallel_for(0, rows.size(), kGrainRows, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      moved.norms[row] = std::sqrt(rows.move(row, centre, scale, to + row * rows.dim()));
    }
  });
  moved.longest = *std::ranges::max_element(moved.norms);
  return moved;
}

double Centring::scale_for(double longest) {
  const bool is_moderate = longest == 0.0 || (longest > 0x1p-20 && longest < 0x1p20);
  if (is_moderate) return 1.0;  // scaling would only keep products from vanishing or overflowing
  return std::exp2(-std::clamp(std::ilogb(longest), -1000, 1000));
}

Centring Centring::of(const SpaceRows& rows, CentredRows& centred) {
  Centring centring{.centre = rows.mean()};
  centred = CentredRows::of(rows, centring.centre, 1.0);
  centring.scale = scale_for(centred.longest);
  if (centring.scale != 1.0) centred = CentredRows::of(rows, centring.centre, centring.scale);
  return centring;
}

double screening_error(std::int64_t dim) { return screening_error_of_roundings(dim); }

double screening_error_of_roundings(std::int64_t roundings) {
  constexpr double kSafety = 1.1;  // for terms of second order
  return kSafety * kRoundoff * (8.0 + static_cast<double>(roundings) / 2.0);
}

}  // namespace oodml::metrics
