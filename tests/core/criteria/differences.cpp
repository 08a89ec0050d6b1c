#include "tests/core/criteria/differences.h"

#include <gtest/gtest.h>

namespace oodml::testing {
namespace {

constexpr double kStep = 1e-6;

}  // namespace

torch::Tensor differences(const torch::Tensor& leaf, const std::function<torch::Tensor()>& loss) {
  const at::NoGradGuard no_grad;
  auto gradient = at::zeros_like(leaf);
  double* const values = leaf.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < leaf.numel(); ++i) {
    const double kept = values[i];
    values[i] = kept + kStep;
    const double above = loss().item<double>();
    values[i] = kept - kStep;
    const double below = loss().item<double>();
    values[i] = kept;
    gradient.view({-1})[i] = (above - below) / (2 * kStep);
  }
  return gradient;
}

void expect_gradient(const torch::Tensor& leaf, const std::function<torch::Tensor()>& loss) {
  const auto want = differences(leaf, loss);
  const auto got = leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf);
  EXPECT_TRUE(got.allclose(want, 1e-5, 1e-7)) << got << want;
}

}  // namespace oodml::testing
