#include "core/metrics/dists.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/metrics/double_rows.h"
#include "core/metrics/wide.h"

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
  for (std::int64_t i = 0; i < n; ++i) wide<add>(unit(i), dim, mean.data());
  for (double& value : mean) value /= static_cast<double>(n);
  double spread = 0.0;
  for (std::int64_t i = 0; i < n; ++i) {
    spread += wide<spread_of>(unit(i), static_cast<const double*>(mean.data()), dim);
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
  double squared = wide<copy<Scalar>>(v, dim, unit);
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
  wide<multiply>(unit, 1.0 / std::sqrt(squared), dim);
}

/// The rows in main memory.
class Rows {
 public:
  explicit Rows(const LabelledSet& set) : values_(set.embeddings().cpu()), dim_(values_.size(1)) {}
  std::int64_t dim() const { return dim_; }

  void make_unit_of(std::int64_t row, double* unit) const {
    with_row(row, [&](const auto* values) { make_unit(values, dim_, unit); });
  }
  /// sum += v
  void add_to(std::int64_t row, double* sum) const {
    with_row(row, [&](const auto* values) { add_row(values, 1.0, dim_, sum); });
  }

 private:
  template <typename Use>
  void with_row(std::int64_t row, Use use) const {
    if (values_.scalar_type() == at::kDouble) {
      use(values_.const_data_ptr<double>() + row * dim_);
    } else {
      use(values_.const_data_ptr<float>() + row * dim_);
    }
  }

  torch::Tensor values_;
  std::int64_t dim_;
};

}  // namespace

double mean_distance_inside_classes(const LabelledSet& set) {
  const Rows rows(set);
  std::vector<double> distances(static_cast<std::size_t>(set.n_classes()), 0.0);  // summed in order below
  at::parallel_for(0, set.n_classes(), /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
    std::vector<double> unit(static_cast<std::size_t>(rows.dim()));
    for (std::int64_t c = first; c < last; ++c) {
      const auto members = set.members(c);
      if (members.size() < 2) continue;
      distances[c] = mean_pair_distance(std::ssize(members), rows.dim(), [&](std::int64_t i) -> const double* {
        rows.make_unit_of(members[i], unit.data());
        return unit.data();
      });
    }
  });
  double sum = 0.0, largest = 0.0;
  for (std::int64_t c = 0; c < set.n_classes(); ++c) {
    sum += distances[c];
    largest = std::max(largest, distances[c]);
  }
  std::int64_t undefined = 0;
  for (std::int64_t c = 0; c < set.n_classes(); ++c) undefined += set.members(c).size() < 2;
  return (sum + largest * static_cast<double>(undefined)) / static_cast<double>(set.n_classes());
}

double mean_distance_between_classes(const LabelledSet& set) {
  if (set.n_classes() < 2) return 0.0;
  const Rows rows(set);
  std::vector<double> units(static_cast<std::size_t>(set.n_classes() * rows.dim()));  // of the classes' means
  at::parallel_for(0, set.n_classes(), /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t c = first; c < last; ++c) {
      std::vector<double> sum(static_cast<std::size_t>(rows.dim()), 0.0);  // The mean points the same way.
      for (const std::int64_t row : set.members(c)) rows.add_to(row, sum.data());
      make_unit(static_cast<const double*>(sum.data()), rows.dim(), units.data() + c * rows.dim());
    }
  });
  return mean_pair_distance(set.n_classes(), rows.dim(),
                            [&](std::int64_t c) -> const double* { return units.data() + c * rows.dim(); });
}

}  // namespace oodml::metrics
