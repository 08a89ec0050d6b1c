#pragma once

#include <torch/types.h>

namespace oodml::criteria {

/// Row i is not of class c: labels [B] int64 -> [B, n_classes] bool.
inline torch::Tensor not_of_class(const torch::Tensor& labels, std::int64_t n_classes) {
  return labels.unsqueeze(1).ne(at::arange(n_classes, labels.options()).unsqueeze(0));
}

}  // namespace oodml::criteria
