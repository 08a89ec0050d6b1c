#include "core/metrics/dists.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace oodml::metrics {
namespace {

// Sums over all ordered pairs use sum_ij u_i.u_j = ||sum_i u_i||^2: one pass over the rows, no pair is looked at. The
// cosine distance of a row to itself is 0 and stays in the sum, as in the references.

/// sum over ordered pairs of 1 - u_i.u_j, divided by n^2 - n; `sum` is the sum of the n unit vectors.
double mean_pair_distance(const std::vector<double>& sum, std::int64_t n) {
  double squared = 0.0;
  for (const double value : sum) squared += value * value;
  const auto count = static_cast<double>(n);
  return std::max(count * count - squared, 0.0) / (count * count - count);
}

/// Adds v / ||v|| to `sum`; a zero vector adds nothing.
template <typename Scalar>
void add_unit(std::span<const Scalar> v, std::vector<double>& sum) {
  double squared = 0.0;
  for (const Scalar value : v) squared += static_cast<double>(value) * static_cast<double>(value);
  if (squared == 0.0) return;
  const double scale = 1.0 / std::sqrt(squared);
  for (std::size_t d = 0; d < v.size(); ++d) sum[d] += static_cast<double>(v[d]) * scale;
}

/// The rows in main memory.
class Rows {
 public:
  explicit Rows(const LabelledSet& set) : values_(set.embeddings().cpu()), dim_(values_.size(1)) {}
  std::size_t dim() const { return static_cast<std::size_t>(dim_); }

  /// sum += v / ||v||
  void add_unit_to(std::int64_t row, std::vector<double>& sum) const {
    with_row(row, [&](auto values) { add_unit(values, sum); });
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
  double sum = 0.0, largest = 0.0;
  std::int64_t defined = 0;
  for (std::int64_t c = 0; c < set.n_classes(); ++c) {
    const auto members = set.members(c);
    if (members.size() < 2) continue;
    std::vector<double> unit_sum(rows.dim(), 0.0);
    for (const std::int64_t row : members) rows.add_unit_to(row, unit_sum);
    const double distance = mean_pair_distance(unit_sum, static_cast<std::int64_t>(members.size()));
    sum += distance;
    largest = std::max(largest, distance);
    ++defined;
  }
  return (sum + largest * static_cast<double>(set.n_classes() - defined)) / static_cast<double>(set.n_classes());
}

double mean_distance_between_classes(const LabelledSet& set) {
  if (set.n_classes() < 2) return 0.0;
  const Rows rows(set);
  std::vector<double> unit_sum(rows.dim(), 0.0);
  for (std::int64_t c = 0; c < set.n_classes(); ++c) {
    std::vector<double> class_sum(rows.dim(), 0.0);  // The mean points the same way.
    for (const std::int64_t row : set.members(c)) rows.add_to(row, class_sum);
    add_unit(std::span<const double>(class_sum), unit_sum);
  }
  return mean_pair_distance(unit_sum, set.n_classes());
}

}  // namespace oodml::metrics
