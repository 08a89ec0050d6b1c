#include "tests/core/metrics/plain_rows.h"

#include <algorithm>
#include <cmath>

namespace oodml::metrics::testing {

RowsOfDoubles as_rows(const torch::Tensor& tensor) {
  const auto doubles = tensor.to(at::kDouble).contiguous();
  RowsOfDoubles rows;
  for (std::int64_t i = 0; i < doubles.size(0); ++i) {
    const double* const row = doubles.const_data_ptr<double>() + i * doubles.size(1);
    rows.emplace_back(row, row + doubles.size(1));
  }
  return rows;
}

double plain_square(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

RowsOfDoubles of_unit_length(RowsOfDoubles rows) {
  for (auto& row : rows) {
    double largest = 0.0, sum = 0.0;
    for (const double value : row) largest = std::max(largest, std::abs(value));
    if (largest == 0.0) continue;
    for (double& value : row) value /= largest, sum += value * value;
    for (double& value : row) value /= std::sqrt(sum);
  }
  return rows;
}

bool has_no_direction(const std::vector<double>& row) {
  return std::ranges::all_of(row, [](double value) { return value == 0.0; });
}

}  // namespace oodml::metrics::testing
