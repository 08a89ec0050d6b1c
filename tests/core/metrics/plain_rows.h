#pragma once

#include <torch/types.h>

#include <vector>

// Rows as a definition reads them, for the plain forms that judge ours.

namespace oodml::metrics::testing {

using RowsOfDoubles = std::vector<std::vector<double>>;

RowsOfDoubles as_rows(const torch::Tensor& tensor);
/// Rows of zeros stay.
RowsOfDoubles of_unit_length(RowsOfDoubles rows);
double plain_square(const std::vector<double>& a, const std::vector<double>& b);  ///< Of the difference.
bool has_no_direction(const std::vector<double>& row);

}  // namespace oodml::metrics::testing
