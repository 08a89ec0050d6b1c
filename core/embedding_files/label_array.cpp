#include "core/embedding_files/label_array.h"

#include <charconv>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/array_file.h"
#include "core/embedding_files/label_text.h"

namespace oodml::embedding_files {
namespace {

bool is_one_hot(const torch::Tensor& numbers) {
  if (numbers.dim() != 2 || numbers.size(0) < 1 || numbers.size(1) < 2) return false;
  const auto zeros = numbers.eq(0), ones = numbers.eq(1);
  return zeros.logical_or(ones).all().item<bool>() && ones.sum(1).eq(1).all().item<bool>();
}

/// [N] int64 of floats without a fraction.
Result<torch::Tensor> as_integers(const torch::Tensor& numbers, const std::string& name) {
  const auto wide = numbers.to(at::kDouble).contiguous();
  const double* const values = wide.const_data_ptr<double>();
  for (std::int64_t i = 0; i < wide.numel(); ++i) {
    const std::string place = name + ": label " + std::to_string(i) + " (from 0), " + std::to_string(values[i]) + ",";
    OODML_RETURN_IF_ERROR(label_of(values[i], place));
  }
  return wide.to(at::kLong);
}

}  // namespace

Result<torch::Tensor> column_of(const torch::Tensor& numbers, const std::string& column, const std::string& name) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(column.data(), column.data() + column.size(), number);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == column.data() + column.size();
  if (numbers.dim() == 2 && is_number && number >= 1 && number <= numbers.size(1)) {
    return numbers.select(1, number - 1).contiguous();
  }
  return invalid_argument(name + ": no column '" + printable(column, 40) + "' in its array " + shape_text(numbers) +
                          "; columns of arrays have numbers, from 1");
}

Result<Array> as_label_column(Array labels, const std::string& column, const std::string& name,
                              std::vector<std::string>& notes) {
  if (labels.is_text() && column.empty()) return labels;
  if (labels.is_text()) {
    return invalid_argument(name + ": labels are one column of texts, which --label-column cannot divide");
  }
  torch::Tensor numbers = labels.numbers;
  if (!column.empty()) {
    OODML_ASSIGN_OR_RETURN(numbers, column_of(numbers, column, name));
  } else if (numbers.dim() == 2 && (numbers.size(0) == 1 || numbers.size(1) == 1)) {
    numbers = numbers.reshape({-1});
  } else if (is_one_hot(numbers)) {
    notes.push_back("labels " + shape_text(numbers) + " have a single 1 a row: its place is the class");
    numbers = numbers.argmax(1);
  }
  if (numbers.dim() != 1) {
    return invalid_argument(name + ": labels must be one a row, not an array " + shape_text(numbers) +
                            (numbers.dim() == 2 ? "; --label-column takes one of its columns" : ""));
  }
  if (!numbers.is_floating_point()) return Array{numbers, {}};
  OODML_ASSIGN_OR_RETURN(numbers, as_integers(numbers, name));
  return Array{numbers, {}};
}

}  // namespace oodml::embedding_files
