#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/csv.h"

namespace oodml::embedding_files {

/// rows [N, D] float, of an array. kInvalidArgument names the first element that is not finite, by row and column from
/// 0 as NumPy counts; `name` starts the message.
Status check_finite(const torch::Tensor& rows, const std::string& name);

/// kInvalidArgument for a column that hardly is a dimension: integers that count the rows, in whatever order, among
/// columns with fractions; of a table without headings also integers that recur, as labels do, or are written without a
/// point, among such columns. `dimensions`: of a
/// table, [D]; empty for an array.
Status check_columns(const torch::Tensor& rows, const std::vector<Dimension>& dimensions, const std::string& name);

}  // namespace oodml::embedding_files
