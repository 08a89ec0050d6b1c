#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "core/metrics/contingency.h"
#include "core/metrics/f1.h"
#include "core/metrics/few_shot_statistic.h"
#include "core/metrics/rho_spectrum.h"
#include "core/metrics/single_precision_centroids.h"
#include "core/metrics/singular_values.h"

namespace oodml::metrics {
namespace {

TEST(ContingencyTest, CountsTheCellsThatAreNotEmptyInTheOrderOfAnyIds) {
  const std::int64_t far = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::int64_t> a = {far, -3, far, far, -3}, b = {1, 1, 0, 1, 7};
  const Contingency table = contingency_of(a, b);
  EXPECT_EQ(table.sizes_a, (std::vector<double>{2, 3}));
  EXPECT_EQ(table.sizes_b, (std::vector<double>{1, 3, 1}));
  std::vector<std::tuple<std::int64_t, std::int64_t, double>> cells;
  for (const auto& [of_a, of_b, rows] : table.joint) cells.emplace_back(of_a, of_b, rows);
  EXPECT_EQ(cells, (decltype(cells){{0, 1, 1.0}, {0, 2, 1.0}, {1, 0, 1.0}, {1, 1, 2.0}}));
  EXPECT_TRUE(contingency_of({}, {}).joint.empty());
  EXPECT_THROW(contingency_of(a, {}), std::invalid_argument);
}

TEST(F1Test, CountsPairs) {
  const std::vector<std::int64_t> classes = {0, 0, 0, 1, 1}, clusters = {4, 4, 9, 9, 9};
  // Pairs in both: (0,1) and (3,4); in one class: 4; in one cluster: 4.
  EXPECT_NEAR(pair_f1(clusters, classes), 2.0 * 2 / (4 + 4), 1e-15);
  EXPECT_EQ(pair_f1(classes, classes), 1.0);
  EXPECT_EQ(pair_f1(std::vector<std::int64_t>{0, 1}, std::vector<std::int64_t>{0, 1}), 0.0);
}

TEST(FewShotStatisticTest, MeanAndHalfWidthOverEpisodes) {
  const std::vector<double> episodes = {1, 2, 3, 4};
  const auto statistic = few_shot_statistic(episodes);
  EXPECT_EQ(statistic.mean, 2.5);
  EXPECT_NEAR(statistic.half_width, 3.1824463052837078 * std::sqrt(5.0 / 3) / 2, 1e-12);
  EXPECT_EQ(few_shot_statistic(std::span(episodes).first(1)).mean, 1.0);
  EXPECT_TRUE(std::isnan(few_shot_statistic(std::span(episodes).first(1)).half_width));
  EXPECT_TRUE(std::isnan(few_shot_statistic({}).mean));
}

TEST(RhoSpectrumTest, DivergesFromUniformInBothDirections) {
  const std::vector<double> even = {2, 2, 2, 2}, zero = {3, 1, 0};
  for (const std::int64_t m : {-3, -1, 1, 2}) EXPECT_NEAR(rho_spectrum(even, m), 0.0, 1e-15) << m;
  EXPECT_EQ(rho_spectrum(zero, 1), std::numeric_limits<double>::infinity());
  EXPECT_NEAR(rho_spectrum(zero, -1), 0.75 * std::log(2.25) + 0.25 * std::log(0.75), 1e-15);
  EXPECT_NEAR(rho_spectrum(std::span(zero).first(2), 1), -0.5 * (std::log(1.5) + std::log(0.5)), 1e-15);
  EXPECT_EQ(kept_singular_values(even, 4, true).size(), 3U);
  EXPECT_EQ(kept_singular_values(even, 9, true).size(), 4U);  // fewer rows than dimensions: none is cut
}

TEST(SingularValuesTest, AreExactAcrossBlocksAndForTinyValues) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(5);
  const auto orthonormal = [&](std::int64_t n, std::int64_t dim) {
    return std::get<0>(at::linalg_qr(at::randn({n, dim}, generator, at::TensorOptions(at::kDouble))));
  };
  const std::vector<double> want = {3e3, 7.0, 1.0, 2e-2, 1e-5};
  for (const std::int64_t n : {5, 40, 5000}) {
    const auto rows = orthonormal(n, 5).mm(at::diag(at::tensor(want, at::kDouble))).mm(orthonormal(5, 5).t());
    const auto values = singular_values(rows);
    ASSERT_EQ(values.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(values[i] / want[i], 1.0, 1e-6) << n << " " << i;
  }
  EXPECT_EQ(singular_values(at::ones({2, 7})).size(), 2U);
}

TEST(SingularValuesTest, OfWellSpreadRowsAreThoseOfADecomposition) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(9);
  const auto rows = at::randn({3000, 30}, generator, at::TensorOptions(at::kDouble)) * at::linspace(1, 50, 30);
  const auto want = at::linalg_svdvals(rows);
  for (const double scale : {1.0, 1e-140, 1e120}) {
    const auto values = singular_values(rows * scale);
    ASSERT_EQ(values.size(), 30U);
    for (std::int64_t i = 0; i < 30; ++i) {
      EXPECT_NEAR(values[static_cast<std::size_t>(i)] / scale / want[i].item<double>(), 1.0, 1e-11) << scale;
    }
  }
}

TEST(SingularValuesTest, AreTheSameBitsForAnyNumberOfThreads) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(10);
  const auto rows = at::randn({1000, 200}, generator, at::TensorOptions(at::kFloat));
  const int threads = at::get_num_threads();
  std::vector<std::vector<double>> values;
  for (const int count : {1, 2, 3}) {
    at::set_num_threads(count);
    values.push_back(singular_values(rows));
  }
  at::set_num_threads(threads);
  EXPECT_EQ(values[0], values[1]);
  EXPECT_EQ(values[0], values[2]);
}

/// Larger decompositions inside of a parallel region waited for threads that MKL was promised and did not get.
TEST(SingularValuesTest, OfManyDimensionsComeToAnEndWithAnyNumberOfThreads) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(6);
  const int threads = at::get_num_threads();
  for (const auto& [n, dim] : {std::pair<std::int64_t, std::int64_t>{1000, 512}, {2500, 640}}) {
    const auto rows = at::randn({n, dim}, generator, at::TensorOptions(at::kFloat));
    at::set_num_threads(1);
    const std::vector<double> of_one = singular_values(rows);
    at::set_num_threads(3);
    const std::vector<double> of_three = singular_values(rows);
    ASSERT_EQ(of_three.size(), of_one.size());
    for (std::size_t i = 0; i < of_one.size(); ++i) EXPECT_NEAR(of_three[i], of_one[i], 1e-12 * of_one[0]);
  }
  at::set_num_threads(threads);
}

TEST(SinglePrecisionCentroidsTest, FollowsCentroidsThatMove) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(6);
  const auto integers = [&](std::int64_t n) {  // exact distances, many ties
    return at::randint(-3, 4, {n, 3}, generator, at::TensorOptions(at::kFloat));
  };
  const auto rows = integers(400);
  auto centroids = integers(30);
  SinglePrecisionCentroids nearest(rows);
  for (int step = 0; step < 12; ++step) {
    ASSERT_TRUE(nearest.update(centroids, {}));
    const auto distances = (rows.unsqueeze(1) - centroids.unsqueeze(0)).square().sum(2);  // [400, 30]
    for (std::int64_t row = 0; row < 400; ++row) {
      std::int64_t want = 0;
      for (std::int64_t c = 1; c < 30; ++c) {
        if (distances[row][c].item<float>() < distances[row][want].item<float>()) want = c;
      }
      ASSERT_EQ(nearest.labels()[row], want) << step << " " << row;
      ASSERT_EQ(nearest.distances()[row], distances[row][want].item<float>()) << step << " " << row;
    }
    if (step % 3 != 0) centroids.slice(0, step, step + 2).copy_(integers(2));  // else none moves
  }
  centroids.add_(1);
  EXPECT_FALSE(nearest.update(centroids, [](double) { return false; }));
}

}  // namespace
}  // namespace oodml::metrics
