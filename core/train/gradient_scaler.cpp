#include "core/train/gradient_scaler.h"

namespace oodml::train {
namespace {

constexpr double kInitialScale = 65536.0, kGrowth = 2.0, kBackoff = 0.5;
constexpr std::int64_t kGrowthInterval = 2000;

}  // namespace

GradientScaler::GradientScaler(const torch::Device& device, bool scales)
    : scales_(scales),
      scale_(torch::full({}, scales ? kInitialScale : 1.0, torch::TensorOptions(device).dtype(torch::kFloat32))),
      clean_steps_(torch::zeros({}, torch::TensorOptions(device).dtype(torch::kInt32))) {}

torch::Tensor GradientScaler::unscale(const std::vector<torch::Tensor>& gradients) {
  const torch::NoGradGuard no_grad;
  auto found = torch::zeros({1}, scale_.options());
  if (!gradients.empty()) at::_amp_foreach_non_finite_check_and_unscale_(gradients, found, scale_.reciprocal());
  if (scales_) at::_amp_update_scale_(scale_, clean_steps_, found, kGrowth, kBackoff, kGrowthInterval);
  return found.squeeze(0);
}

}  // namespace oodml::train
