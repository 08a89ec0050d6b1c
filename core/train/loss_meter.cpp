#include "core/train/loss_meter.h"

#include <limits>

namespace oodml::train {
namespace {

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

}  // namespace

LossMeter::LossMeter(const torch::Device& device, Start start)
    : sum_(torch::full({}, start.sum, torch::TensorOptions(device).dtype(torch::kFloat64))),
      finite_(torch::full({}, start.finite, torch::TensorOptions(device).dtype(torch::kInt64))),
      first_bad_(torch::full({}, kNone, torch::TensorOptions(device).dtype(torch::kInt64))),
      steps_(start.steps) {}

void LossMeter::add(const torch::Tensor& loss, const torch::Tensor& embeddings) {
  const torch::NoGradGuard no_grad;
  newest_ = loss.detach();
  ++steps_;
  const auto finite = newest_.isfinite().logical_and(embeddings.detach().isfinite().all());
  sum_.add_(torch::where(finite, newest_, torch::zeros_like(newest_)));
  finite_.add_(finite);
  first_bad_.copy_(torch::where(finite, first_bad_, first_bad_.clamp_max(steps_)));
}

std::optional<std::int64_t> LossMeter::first_not_finite() const {
  const auto step = first_bad_.item<std::int64_t>();
  return step == kNone ? std::nullopt : std::optional(step);
}

}  // namespace oodml::train
