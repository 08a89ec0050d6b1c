#include "core/metrics/dists.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/metrics/double_rows.h"
#include "core/products/wide.h"

namespace oodml::metrics {
namespace {

// Compiled with -O3 -fopenmp-simd.

constexpr double kVanishingSum = 1e-250;  // sums of squares below have lost digits

void add(const double* values, std::int64_t dim, double* sum) {
#pragma omp simd
  for (std::int64_t d = 0; d < dim; ++d) sum[d] += values[d];
}

void multiply(double* values, double factor, std::int64_t dim) {
#pragma omp simd
  for (std::int64_t d = 0; d < dim; ++d) values[d] *= factor;
}

/// The squared distance of a vector of unit length from the mean, and 1 more of one of zeros.
double spread_of(const double* unit, const double* mean, std::int64_t dim) {
  double squared = 0.0, length = 0.0;
#pragma omp simd reduction(+ : squared, length)
  for (std::int64_t d = 0; d < dim; ++d) {
    squared += (unit[d] - mean[d]) * (unit[d] - mean[d]);
    length += unit[d] * unit[d];
  }
  return squared + (length == 0.0 ? 1.0 : 0.0);
}

/// Mean over ordered pairs of 1 - u_i.u_j of n vectors of unit length (zeros have no direction: their distance is 1).
/// No pair is looked at: sum_ij 1 - u_i.u_j = n sum_i |u_i - mean|^2, which keeps its digits where all point the same
/// way. The distance of a vector to itself stays in the sum, which is divided by n^2 - n, as in the references.
/// `unit(i)` points at the i-th vector until it is called again.
template <typename UnitAt>
double mean_pair_distance(std::int64_t n, std::int64_t dim, const UnitAt& unit) {
  std::vector<double> mean(static_cast<std::size_t>(dim), 0.0);
  for (std::int64_t i = 0; i < n; ++i) products::wide<add>(unit(i), dim, mean.data());
  for (double& value : mean) value /= static_cast<double>(n);
  double spread = 0.0;
  for (std::int64_t i = 0; i < n; ++i) {
    spread += products::wide<spread_of>(unit(i), static_cast<const double*>(mean.data()), dim);
  }
  return spread / static_cast<double>(n - 1);
}

/// Writes v in double precision; returns the sum of its squares.
template <typename Scalar>
double copy(const Scalar* v, std::int64_t dim, double* to) {
  double squared = 0.0;
#pragma omp simd reduction(+ : squared)
  for (std::int64_t d = 0; d < dim; ++d) {
    to[d] = static_cast<double>(v[d]);
    squared += to[d] * to[d];
  }
  return squared;
}

/// v / ||v||; a zero vector stays zero.
template <typename Scalar>
void make_unit(const Scalar* v, std::int64_t dim, double* unit) {
  double squared = products::wide<copy<Scalar>>(v, dim, unit);
  if (squared < kVanishingSum) {  // squares lost digits, or all of them
    double largest = 0.0;
    for (std::int64_t d = 0; d < dim; ++d) largest = std::max(largest, std::abs(unit[d]));
    if (largest == 0.0) return;
    squared = 0.0;
    for (std::int64_t d = 0; d < dim; ++d) {
      unit[d] /= largest;
      squared += unit[d] * unit[d];
    }
  }
  products::wide<multiply>(unit, 1.0 / std::sqrt(squared), dim);
}

}  // namespace

ClassDistances::ClassDistances(const LabelledSet& set)
    : set_(set),
      rows_(set.embeddings().cpu()),
      dim_(rows_.size(1)),
      inside_(static_cast<std::size_t>(set.n_classes()), 0.0),
      of_means_(static_cast<std::size_t>(set.n_classes() * dim_), 0.0) {}

void ClassDistances::find(std::int64_t class_index) {
  const auto members = set_.members(class_index);
  if (rows_.scalar_type() == at::kDouble) {
    find_of(members, rows_.const_data_ptr<double>(), class_index);
  } else {
    find_of(members, rows_.const_data_ptr<float>(), class_index);
  }
}

template <typename Number>
void ClassDistances::find_of(std::span<const std::int64_t> members, const Number* rows, std::int64_t class_index) {
  std::vector<double> sum(static_cast<std::size_t>(dim_), 0.0), unit(sum.size());
  for (const std::int64_t row : members) add_row(rows + row * dim_, 1.0, dim_, sum.data());
  make_unit(static_cast<const double*>(sum.data()), dim_, of_means_.data() + class_index * dim_);
  if (members.size() < 2) return;
  inside_[class_index] = mean_pair_distance(std::ssize(members), dim_, [&](std::int64_t i) -> const double* {
    make_unit(rows + members[i] * dim_, dim_, unit.data());
    return unit.data();
  });
}

double ClassDistances::mean_inside() const {
  double sum = 0.0, largest = 0.0;
  for (const double distance : inside_) {
    sum += distance;
    largest = std::max(largest, distance);
  }
  std::int64_t undefined = 0;
  for (std::int64_t c = 0; c < set_.n_classes(); ++c) undefined += set_.members(c).size() < 2;
  return (sum + largest * static_cast<double>(undefined)) / static_cast<double>(set_.n_classes());
}

double ClassDistances::mean_between() const {
  if (set_.n_classes() < 2) return 0.0;
  return mean_pair_distance(set_.n_classes(), dim_,
                            [&](std::int64_t c) -> const double* { return of_means_.data() + c * dim_; });
}

}  // namespace oodml::metrics
