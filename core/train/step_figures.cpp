#include "core/train/step_figures.h"

#include <limits>

namespace oodml::train {

GradientStatistics gradient_statistics(const std::vector<torch::Tensor>& gradients, const torch::Device& device) {
  const torch::NoGradGuard no_grad;
  if (gradients.empty()) {
    const auto zero = torch::zeros({}, torch::TensorOptions(device).dtype(torch::kFloat64));
    return {zero, zero};
  }
  std::int64_t count = 0;
  for (const torch::Tensor& gradient : gradients) count += gradient.numel();
  const auto norms = torch::stack(at::_foreach_norm(gradients, 2)).to(torch::kFloat64);
  const auto largest = torch::stack(at::_foreach_norm(gradients, std::numeric_limits<double>::infinity()));
  return {(norms.square().sum() / count).sqrt(), largest.max().to(torch::kFloat64)};
}

StepFigures::StepFigures(const torch::Device& device)
    : sums_(torch::zeros({4}, torch::TensorOptions(device).dtype(torch::kFloat64))) {}

void StepFigures::add(const GradientStatistics& gradients, const torch::Tensor& skip) {
  const torch::NoGradGuard no_grad;
  const auto one = torch::ones({}, sums_.options());
  auto row = torch::stack({gradients.l2, gradients.max, one, torch::zeros({}, sums_.options())});
  if (skip.defined()) row = torch::where(skip.eq(1), torch::zeros_like(row), row);  // not row * 0: it may hold NaN
  sums_.add_(row);
}

void StepFigures::add_skipped(const torch::Tensor& skip) {
  const torch::NoGradGuard no_grad;
  sums_.select(0, 3).add_(skip);
}

std::vector<std::pair<std::string, double>> StepFigures::finish_epoch(bool with_gradients, bool with_skipped) {
  const auto sums = sums_.cpu();
  const double* value = sums.const_data_ptr<double>();
  std::vector<std::pair<std::string, double>> figures;
  if (with_gradients) {
    figures.emplace_back("grad_l2", value[0] / value[2]);
    figures.emplace_back("grad_max", value[1] / value[2]);
  }
  if (with_skipped) figures.emplace_back("skipped_steps", value[3]);
  sums_.zero_();
  return figures;
}

}  // namespace oodml::train
