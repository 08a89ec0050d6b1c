#include "core/criteria/tuples/snr.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using miners::Tuples;
using testing::labels_of;

double loss_with_miner(const std::string& miner) {
  const auto vectors = testing::check_vectors();
  const auto criterion =
      criteria::make_criterion(testing::criterion_choice("snr"), {.miner = {.name = miner, .params = {}}}).value();
  return criterion->forward({.embeddings = vectors.z, .labels = vectors.labels}, vectors.triplets).item<double>();
}

TEST(SnrTest, TheRegulariserIsOffWithMinersThatTheReferencesCallDistance) {
  for (const char* miner :
       {"distance", "random_distance", "shared_neg_distance", "shared_full_distance", "easypositive"}) {
    EXPECT_NEAR(loss_with_miner(miner), 0.2, 2e-6) << miner;
  }
  for (const char* miner : {"random", "semihard", "rho_distance"}) {
    EXPECT_NEAR(loss_with_miner(miner), 0.20772664, 2e-6) << miner;
  }
}

/// Loss and gradient of the rows anchor, positive, negative.
std::pair<double, torch::Tensor> outcome_of(const torch::Tensor& rows, double reg_lambda = 0.0) {
  criteria::Snr criterion({.margin = 0.2, .reg_lambda = reg_lambda});
  const auto x = rows.clone().requires_grad_();
  const auto loss = criterion.forward({.embeddings = x, .labels = labels_of({0, 0, 1})},
                                      Tuples{labels_of({0}), labels_of({1}), labels_of({2}), {}});
  loss.backward();
  return {loss.item<double>(), x.grad()};
}

torch::Tensor rows_of(std::vector<float> values) { return at::tensor(values).view({3, -1}); }

TEST(SnrTest, ByHand) {
  // Variances of two coordinates are half their squared difference: 2 of the anchor, 1/2 of either difference.
  EXPECT_NEAR(outcome_of(rows_of({1, -1, 1, 0, 0, -1})).first, 0.2, 1e-6);
  EXPECT_NEAR(outcome_of(rows_of({1, -1, 1, 0, -1, 1})).first, 0.0, 1e-6);  // inactive: 1/4 - 4 + 0.2
  EXPECT_NEAR(outcome_of(rows_of({3, -1, 3, 0, 3, -1}), 0.5).first, 0.0625 + 0.2 + 0.5 * 2, 1e-6);
}

TEST(SnrTest, AnAnchorWithoutSignalCountsForNothing) {
  for (const auto& rows :
       {rows_of({0, 0, 0, 1, 2, 3, 1, 0, 0}), rows_of({0.3f, 0.3f, 0.3f, 1, 2, 3, 1, 0, 0}), rows_of({1, 2, 3})}) {
    const auto [loss, gradient] = outcome_of(rows);
    EXPECT_EQ(loss, 0.0);
    EXPECT_TRUE(gradient.equal(at::zeros_like(gradient)));
  }
}

}  // namespace
}  // namespace oodml
