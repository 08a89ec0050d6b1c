#include "core/embedding_map/pca.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/embedding_map/random_rows.h"

namespace oodml::embedding_map {
namespace {

/// By singular values, signs by the largest loading.
torch::Tensor by_singular_values(const torch::Tensor& rows, std::int64_t dimensions) {
  const auto centred = rows - rows.mean(0);
  const auto [u, s, vt] = at::linalg_svd(centred, /*full_matrices=*/false);
  const auto directions = vt.narrow(0, 0, dimensions);
  const auto signs = directions.gather(1, directions.abs().argmax(1, true)).sgn();
  return at::mm(centred, (directions * signs).t());
}

TEST(PcaTest, FourPointsByHand) {
  // Along (3, 4) / 5 at -10, -5, 5, 10, across at 1, -1, -1, 1 times (4, -3) / 5, about the point (7, 7).
  std::vector<double> values;
  const double along[] = {-10, -5, 5, 10}, across[] = {1, -1, -1, 1};
  for (int i = 0; i < 4; ++i) {
    values.push_back(7 + (3 * along[i] + 4 * across[i]) / 5);
    values.push_back(7 + (4 * along[i] - 3 * across[i]) / 5);
  }
  const auto points = pca(at::tensor(values, at::kDouble).view({4, 2}), 2).value();
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(points[i][0].item<double>(), along[i], 1e-9);
    EXPECT_NEAR(points[i][1].item<double>(), across[i], 1e-9) << "the largest loading, 4 / 5, is positive";
  }
}

TEST(PcaTest, IsThatOfTheSingularValuesForTallAndForWideRows) {
  for (const auto& [n, d] : {std::pair{200, 30}, {30, 200}, {5, 3}, {3, 5}, {600, 300}}) {
    const auto rows = random_rows(n, d) * at::linspace(1.0, 3.0, d, at::kDouble) + 5.0;
    const auto points = pca(rows, 2).value();
    EXPECT_TRUE(points.allclose(by_singular_values(rows, 2), 1e-7, 1e-7)) << n << " " << d;
  }
}

TEST(PcaTest, AScaleOfItsOwnChangesNothing) {
  const auto rows = random_rows(40, 5);
  EXPECT_TRUE(pca(rows * 1e100, 2).value().allclose(pca(rows, 2).value() * 1e100, 1e-9, 0.0));
  EXPECT_TRUE(pca((rows + 1e3).to(at::kFloat), 2).value().allclose(pca(rows, 2).value(), 1e-2, 1e-3));
}

TEST(PcaTest, WhereRowsVaryInFewerDirectionsTheRestIsZero) {
  const auto line = at::arange(6, at::kDouble).unsqueeze(1) * at::tensor({1.0, 2.0, 2.0}, at::kDouble);
  const auto points = pca(line, 2).value();
  EXPECT_NEAR(points[0][0].item<double>(), -7.5, 1e-9);
  EXPECT_LT(points.select(1, 1).abs().max().item<double>(), 1e-9);
  EXPECT_EQ(pca(at::ones({4, 3}), 2).value().abs().max().item<double>(), 0.0);
  EXPECT_TRUE(pca(at::arange(4, at::kDouble).unsqueeze(1), 2).value().select(1, 1).equal(at::zeros({4}, at::kDouble)));
}

TEST(PcaTest, ALargestVarianceThatIsThereTwiceIsFoundTwice) {
  // Both ends of every axis; the first two of 60 axes are three times as long.
  auto axes = at::eye(60, at::kDouble);
  axes.narrow(0, 0, 2).mul_(3);
  const auto points = pca(at::cat({axes, -axes}), 2).value();
  EXPECT_TRUE(points.square().sum(0).allclose(at::tensor({18.0, 18.0}, at::kDouble)));
  EXPECT_NEAR(at::dot(points.select(1, 0), points.select(1, 1)).item<double>(), 0.0, 1e-9);
}

TEST(PcaTest, TheNumberOfThreadsChangesNoBit) {
  const auto rows = random_rows(500, 64);
  const auto [one, three] = on_one_and_three_threads([&] { return pca(rows, 2).value(); });
  EXPECT_TRUE(one.equal(three));
}

TEST(PcaTest, RefusesWhatIsNoMatrixOfNumbers) {
  auto rows = random_rows(4, 3);
  rows[2][1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(pca(rows, 2).error().message(), "pca: row 2 has a number that is not finite");
  EXPECT_FALSE(pca(at::zeros({0, 3}), 2));
  EXPECT_FALSE(pca(at::zeros({3}), 2));
  EXPECT_FALSE(pca(at::zeros({3, 3}, at::kLong), 2));
}

}  // namespace
}  // namespace oodml::embedding_map
