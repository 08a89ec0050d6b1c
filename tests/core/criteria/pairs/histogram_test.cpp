#include "core/criteria/pairs/histogram.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using testing::labels_of;

std::pair<double, torch::Tensor> outcome_of(std::int64_t nbins, const torch::Tensor& rows,
                                            const torch::Tensor& labels) {
  criteria::Histogram criterion(nbins);
  const auto x = rows.clone().requires_grad_();
  const auto loss = criterion.forward({.embeddings = distances::unit_rows(x), .labels = labels}, {});
  loss.backward();
  return {loss.item<double>(), x.grad()};
}

TEST(HistogramTest, GivesTheSpecifiedValuesForAnyNumberOfBins) {
  const auto vectors = testing::check_vectors();
  const auto [loss, gradient] = outcome_of(65, vectors.x, vectors.labels);
  EXPECT_NEAR(loss, 0.15861002, 2e-6);
  EXPECT_NEAR(gradient.norm().item<double>(), 0.27518484, 3e-5);
  EXPECT_NEAR(outcome_of(33, vectors.x, vectors.labels).first, 0.18345922, 2e-6);
  EXPECT_NEAR(outcome_of(11, vectors.x, vectors.labels).first, 0.31064729, 3e-6);
}

TEST(HistogramTest, ByHand) {
  // Similarities: 0.6 of the positive pair, 0 and 0.8 of the negative ones; nodes at -1, 0, 1.
  const auto rows = at::tensor(std::vector<float>{1, 0, 0.6f, 0.8f, 0, 1}).view({3, 2});
  EXPECT_NEAR(outcome_of(3, rows, labels_of({0, 0, 1})).first, 0.6 * 0.4 + 0.4 * 1.0, 1e-6);
}

TEST(HistogramTest, NoMassIsLost) {
  const auto inside = 2 * at::rand({500}, testing::seeded(3)) - 1;
  const auto ends = at::tensor(std::vector<float>{-1.0000002f, -1, 0, 1, 1.0000002f});
  const auto similarities = at::cat({inside, ends});
  const auto all = at::ones_like(similarities).to(at::kBool);
  for (std::int64_t nbins = 2; nbins < 70; ++nbins) {
    const auto histogram = criteria::soft_histogram(similarities, all, nbins);
    EXPECT_NEAR(histogram.sum().item<double>(), 1.0, 1e-5) << nbins;
    EXPECT_GE(histogram.min().item<double>(), 0.0);
    const auto mean = histogram.dot(at::linspace(-1, 1, nbins)).item<double>();
    EXPECT_NEAR(mean, similarities.clamp(-1, 1).mean().item<double>(), 1e-5) << nbins;
  }
  const auto at_ends = criteria::soft_histogram(ends, at::ones({5}, at::kBool), 5);
  EXPECT_TRUE(at_ends.allclose(at::tensor(std::vector<float>{0.4f, 0, 0.2f, 0, 0.4f})));
}

TEST(HistogramTest, WithoutPositivesOrNegativesTheLossIsAnAttachedZero) {
  const auto rows = testing::random_unit_rows(4, 6, 1);
  for (const auto& labels : {labels_of({0, 1, 2, 3}), labels_of({2, 2, 2, 2})}) {
    const auto [loss, gradient] = outcome_of(65, rows, labels);
    EXPECT_EQ(loss, 0.0);
    EXPECT_TRUE(gradient.equal(at::zeros_like(gradient)));
  }
}

}  // namespace
}  // namespace oodml
