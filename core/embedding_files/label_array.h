#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array.h"

namespace oodml::embedding_files {

/// Labels as one column: texts, or int64 [N]. labels: texts; integers, also written as floats, of shape [N], [N, 1] or
/// [1, N]; several columns of which `column` (from 1; empty: none) is taken; or rows with a single 1 among zeros, whose
/// place is the class, which a note says. kInvalidArgument for others; `name` starts the message.
Result<Array> as_label_column(Array labels, const std::string& column, const std::string& name,
                              std::vector<std::string>& notes);

/// Column `column` (from 1) of an array of two dimensions, [N].
Result<torch::Tensor> column_of(const torch::Tensor& numbers, const std::string& column, const std::string& name);

}  // namespace oodml::embedding_files
