#include "core/embedding_files/class_ids.h"

namespace oodml::embedding_files {

Result<torch::Tensor> ClassIds::of(const Array& labels, const std::string& name) {
  std::vector<std::int64_t> ids;
  if (labels.is_text()) {
    for (const std::string& label : labels.texts) ids.push_back(id_of(label));
    return at::tensor(ids, at::kLong);
  }
  const auto& numbers = labels.numbers;
  const bool is_column = numbers.dim() == 1 || (numbers.dim() == 2 && numbers.size(1) == 1);
  if (!is_column || numbers.scalar_type() != at::kLong) {
    return invalid_argument(name + ": labels must be one column of integers or texts, not " +
                            (is_column ? "numbers with a point" : std::to_string(numbers.dim()) + " dimensions"));
  }
  const std::int64_t* const values = numbers.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) ids.push_back(id_of(std::to_string(values[i])));
  return at::tensor(ids, at::kLong);
}

std::vector<std::string> ClassIds::names() const {
  std::vector<std::string> names(ids_.size());
  for (const auto& [label, id] : ids_) names[static_cast<std::size_t>(id)] = label;
  return names;
}

}  // namespace oodml::embedding_files
