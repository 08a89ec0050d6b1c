#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/distances/pairwise.h"
#include "tests/core/distances/batches.h"

namespace oodml {
namespace {

/// As written down, with a tensor [N, N, D].
torch::Tensor direct(const torch::Tensor& x, double shift) {
  return at::linalg_vector_norm(x.unsqueeze(1) - x.unsqueeze(0) + shift, 2, /*dim=*/{2});
}

/// The gradient of a weighted sum of all distances.
torch::Tensor gradient(const std::function<torch::Tensor(const torch::Tensor&)>& distances, const torch::Tensor& rows) {
  const auto x = rows.clone().requires_grad_();
  const auto n = x.size(0);
  const auto weights = at::randn({n, n}, testing::seeded(4), at::TensorOptions(at::kDouble)).to(x.scalar_type());
  (distances(x) * weights).sum().backward();
  return x.grad();
}

/// Some rows equal, some nearly.
torch::Tensor close_rows(double scale) {
  auto rows = testing::random_unit_rows(8, 16, 2) * scale;
  rows[1].copy_(rows[0]);
  rows[3].copy_(rows[2] * (1 + 1e-4));
  return rows;
}

TEST(PreciseDistancesTest, AgreeWithTheDirectFormDownToEqualRows) {
  for (const double scale : {0.1, 1.0, 10.0}) {
    for (const double shift : {0.0, 1e-6}) {
      const auto rows = close_rows(scale);
      const auto want = direct(rows.to(at::kDouble), shift);
      EXPECT_TRUE(distances::precise_distances(rows, shift).to(at::kDouble).allclose(want, 1e-5, 1e-7 * scale));
      EXPECT_TRUE(distances::precise_distances(rows, rows, shift).to(at::kDouble).allclose(want, 1e-5, 1e-7 * scale));
      const auto got = gradient([&](const auto& x) { return distances::precise_distances(x, shift); }, rows);
      const auto of_direct = gradient([&](const auto& x) { return direct(x, shift); }, rows);
      EXPECT_TRUE(got.allclose(of_direct, 1e-4, 1e-4)) << scale << ' ' << shift << got - of_direct;
    }
  }
}

TEST(PreciseDistancesTest, ARowIsAtZeroDistanceFromItselfWithAZeroGradient) {
  const auto x = (testing::random_unit_rows(5, 3, 1) * 7).requires_grad_();
  const auto diagonal = distances::precise_distances(x).diagonal();
  EXPECT_TRUE(diagonal.equal(at::zeros({5})));
  diagonal.sum().backward();
  EXPECT_TRUE(x.grad().equal(at::zeros_like(x)));
}

}  // namespace
}  // namespace oodml
