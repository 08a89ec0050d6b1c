#pragma once

#include <torch/types.h>

#include <optional>
#include <span>
#include <vector>

namespace oodml::criteria {

/// Labels [B] int64 as floats that are equal where they are; nullopt where one is no exact float, or they lie
/// elsewhere.
std::optional<std::vector<float>> class_numbers(const torch::Tensor& labels);

/// Labels [B] int64 as they lie; nullopt where one is not in [0, n_classes), or they lie elsewhere: the plain form says
/// what is wrong. Valid as long as the labels.
std::optional<std::span<const std::int64_t>> own_classes(const torch::Tensor& labels, std::int64_t n_classes);

}  // namespace oodml::criteria
