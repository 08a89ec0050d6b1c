#include "core/criteria/single_pass/class_numbers.h"

#include <algorithm>

namespace oodml::criteria {
namespace {

constexpr std::int64_t kMostExact = std::int64_t{1} << 24;

}  // namespace

std::optional<std::vector<float>> class_numbers(const torch::Tensor& labels) {
  if (!labels.is_cpu()) return std::nullopt;
  std::vector<float> numbers;
  const auto label = labels.accessor<std::int64_t, 1>();
  for (std::int64_t i = 0; i < label.size(0); ++i) {
    if (label[i] < -kMostExact || label[i] > kMostExact) return std::nullopt;
    numbers.push_back(static_cast<float>(label[i]));
  }
  return numbers;
}

std::optional<std::span<const std::int64_t>> own_classes(const torch::Tensor& labels, std::int64_t n_classes) {
  if (!labels.is_cpu() || !labels.is_contiguous()) return std::nullopt;
  const std::span own(labels.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(labels.numel()));
  if (!std::ranges::all_of(own, [&](std::int64_t c) { return c >= 0 && c < n_classes; })) return std::nullopt;
  return own;
}

}  // namespace oodml::criteria
