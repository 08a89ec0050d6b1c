#include "core/metrics/dists.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

namespace oodml::metrics {
namespace {

// Compiled with -O3 -fopenmp-simd.

using Unit = std::span<const double>;

constexpr double kVanishingSum = 1e-250;  // sums of squares below have lost digits

/// Mean over ordered pairs of 1 - u_i.u_j of n vectors of unit length (zeros have no direction: their distance is 1).
/// No pair is looked at: sum_ij 1 - u_i.u_j = n sum_i |u_i - mean|^2, which keeps its digits where all point the same
/// way. The distance of a vector to itself stays in the sum, which is divided by n^2 - n, as in the references.
/// `for_each` calls with each vector in turn.
template <typename ForEach>
double mean_pair_distance(std::int64_t n, std::size_t dim, ForEach for_each) {
  std::vector<double> mean(dim, 0.0);
  for_each([&](Unit unit) {
    for (std::size_t d = 0; d < dim; ++d) mean[d] += unit[d];
  });
  for (double& value : mean) value /= static_cast<double>(n);
  double spread = 0.0;
  for_each([&](Unit unit) {
    double squared = 0.0, length = 0.0;
#pragma omp simd reduction(+ : squared, length)
    for (std::size_t d = 0; d < dim; ++d) {
      squared += (unit[d] - mean[d]) * (unit[d] - mean[d]);
      length += unit[d] * unit[d];
    }
    spread += squared + (length == 0.0 ? 1.0 : 0.0);
  });
  return spread / static_cast<double>(n - 1);
}

/// v / ||v||; a zero vector stays zero.
template <typename Scalar>
void make_unit(std::span<const Scalar> v, std::vector<double>& unit) {
  double squared = 0.0;
#pragma omp simd reduction(+ : squared)
  for (std::size_t d = 0; d < v.size(); ++d) {
    unit[d] = static_cast<double>(v[d]);
    squared += unit[d] * unit[d];
  }
  if (squared < kVanishingSum) {  // squares lost digits, or all of them
    double largest = 0.0;
    for (const double value : unit) largest = std::max(largest, std::abs(value));
    if (largest == 0.0) return;
    squared = 0.0;
    for (double& value : unit) {
      value /= largest;
      squared += value * value;
    }
  }
  const double scale = 1.0 / std::sqrt(squared);
  for (double& value : unit) value *= scale;
}

/// The rows in main memory.
class Rows {
 public:
  explicit Rows(const LabelledSet& set) : values_(set.embeddings().cpu()), dim_(values_.size(1)) {}
  std::size_t dim() const { return static_cast<std::size_t>(dim_); }

  void make_unit_of(std::int64_t row, std::vector<double>& unit) const {
    with_row(row, [&](auto values) { make_unit(values, unit); });
  }
  /// sum += v
  void add_to(std::int64_t row, std::vector<double>& sum) const {
    with_row(row, [&](auto values) {
      for (std::size_t d = 0; d < values.size(); ++d) sum[d] += static_cast<double>(values[d]);
    });
  }

 private:
  template <typename Use>
  void with_row(std::int64_t row, Use use) const {
    if (values_.scalar_type() == at::kDouble) {
      use(std::span<const double>(values_.const_data_ptr<double>() + row * dim_, dim()));
    } else {
      use(std::span<const float>(values_.const_data_ptr<float>() + row * dim_, dim()));
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
    std::vector<double> unit(rows.dim());
    for (std::int64_t c = first; c < last; ++c) {
      const auto members = set.members(c);
      if (members.size() < 2) continue;
      const auto for_each = [&](const auto& use) {
        for (const std::int64_t row : members) {
          rows.make_unit_of(row, unit);
          use(Unit(unit));
        }
      };
      distances[c] = mean_pair_distance(static_cast<std::int64_t>(members.size()), rows.dim(), for_each);
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
  std::vector<double> unit(rows.dim());
  return mean_pair_distance(set.n_classes(), rows.dim(), [&](const auto& use) {
    for (std::int64_t c = 0; c < set.n_classes(); ++c) {
      std::vector<double> class_sum(rows.dim(), 0.0);  // The mean points the same way.
      for (const std::int64_t row : set.members(c)) rows.add_to(row, class_sum);
      make_unit(std::span<const double>(class_sum), unit);
      use(Unit(unit));
    }
  });
}

}  // namespace oodml::metrics
