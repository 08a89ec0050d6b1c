#include "core/metrics/symmetric_eigenvalues.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace oodml::metrics {
namespace {

constexpr double kRoundoff = std::numeric_limits<double>::epsilon();

std::vector<double> of(const torch::Tensor& matrix) {
  const auto values = symmetric_eigenvalues(matrix.contiguous().const_data_ptr<double>(), matrix.size(0));
  return values ? *values : std::vector<double>();
}

/// Within a few roundoffs of the largest.
void expect_eigenvalues(const torch::Tensor& matrix, const torch::Tensor& want, double scale = 1.0) {
  const std::vector<double> found = of(matrix);
  ASSERT_EQ(std::ssize(found), want.size(0));
  const double allowed =
      4.0 * kRoundoff * std::sqrt(static_cast<double>(found.size())) * want.abs().max().item<double>();
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i] / scale, want[static_cast<std::int64_t>(i)].item<double>(), allowed) << i;
  }
}

torch::Tensor doubles(std::initializer_list<double> values) { return at::tensor(values, at::kDouble); }

TEST(SymmetricEigenvaluesTest, OfSmallMatricesByHand) {
  expect_eigenvalues(doubles({-3.0}).view({1, 1}), doubles({-3.0}));
  expect_eigenvalues(doubles({2, 1, 1, 2}).view({2, 2}), doubles({1, 3}));
  expect_eigenvalues(doubles({0, 5, 5, 0}).view({2, 2}), doubles({-5, 5}));
  expect_eigenvalues(doubles({2, 0, 0, 0, 3, 4, 0, 4, 9}).view({3, 3}), doubles({1, 2, 11}));
  expect_eigenvalues(at::ones({40, 40}, at::kDouble), at::cat({at::zeros({39}, at::kDouble), doubles({40})}));
  expect_eigenvalues(at::zeros({5, 5}, at::kDouble), at::zeros({5}, at::kDouble));
}

TEST(SymmetricEigenvaluesTest, OfAChainOfSpringsAreTheKnownCosines) {
  const std::int64_t n = 100;
  const auto beside = at::diag(at::full({n - 1}, -1.0, at::kDouble), 1);
  const auto angles = at::arange(1, n + 1, at::kDouble) * (std::numbers::pi / static_cast<double>(n + 1));
  expect_eigenvalues(2.0 * at::eye(n, at::kDouble) + beside + beside.t(), 2.0 - 2.0 * angles.cos());
}

TEST(SymmetricEigenvaluesTest, OfRandomMatricesAreThoseOfAnotherProgramAtAnySizeAndScale) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(1);
  for (const std::int64_t n : {3, 8, 31, 32, 33, 64, 97, 200}) {
    const auto square = at::randn({n, n}, generator, at::TensorOptions(at::kDouble));
    const auto matrix = square + square.t();
    const auto want = at::linalg_eigvalsh(matrix);
    expect_eigenvalues(matrix, want);
    expect_eigenvalues(matrix.tril(), want);  // the upper half is not read
    for (const double scale : {0x1p-1020, 0x1p-300, 0x1p900}) expect_eigenvalues(matrix * scale, want, scale);
  }
}

TEST(SymmetricEigenvaluesTest, OfGradedAndRepeatedOnes) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(2);
  const auto q = std::get<0>(at::linalg_qr(at::randn({60, 60}, generator, at::TensorOptions(at::kDouble))));
  const auto graded = at::logspace(-20, 0, 60, 10.0, at::TensorOptions(at::kDouble));
  const auto repeated = at::cat({at::full({20}, -1.0, at::kDouble), at::full({40}, 3.0, at::kDouble)});
  for (const auto& want : {graded, repeated}) expect_eigenvalues(q.mm(at::diag(want)).mm(q.t()), want);
}

TEST(SymmetricEigenvaluesTest, EntriesWhoseSquaresAreAlmostNothingMoveNone) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(3);
  const auto want = at::linspace(1.0, 2.0, 40, at::TensorOptions(at::kDouble));
  const auto noise = at::randn({40, 40}, generator, at::TensorOptions(at::kDouble));
  for (const double size : {1e-100, 1e-140, 1e-150, 1e-155, 1e-161, 1e-162, 1e-170, 1e-300}) {
    SCOPED_TRACE(size);
    expect_eigenvalues(at::diag(want) + size * noise, want);
  }
}

TEST(SymmetricEigenvaluesTest, ThereAreNoneOfWhatIsNotFinite) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_TRUE(of(doubles({1, 0, bad, 1}).view({2, 2})).empty());
  }
}

}  // namespace
}  // namespace oodml::metrics
