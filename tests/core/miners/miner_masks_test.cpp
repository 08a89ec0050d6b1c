// What every mask and every probability of the miners must keep to.
#include <gtest/gtest.h>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance.h"
#include "core/miners/epshn.h"
#include "core/miners/parametric.h"
#include "core/miners/rho_distance.h"
#include "core/miners/semihard.h"
#include "core/miners/shared_distance.h"
#include "core/miners/softhard.h"
#include "tests/core/distances/batches.h"

namespace oodml {
namespace {

using testing::labels_of;

using Weights = std::function<torch::Tensor(const torch::Tensor& rows, const torch::Tensor& labels)>;

torch::Tensor plain_distances(const torch::Tensor& rows) { return distances::pairwise_distances(rows, 0.0); }

/// Negatives of the easy positives, within a margin; none of anchors that are alone.
torch::Tensor epshn_negatives(const torch::Tensor& rows, const torch::Tensor& labels) {
  const auto distances = plain_distances(rows);
  const auto same = miners::same_class(labels);
  const auto candidates = miners::semihard_negatives(distances, miners::other_class(labels), at::arange(rows.size(0)),
                                                     miners::easy_positives(distances, same), 0.2);
  return candidates.mask.logical_and(same.any(1, /*keepdim=*/true));
}

/// Third classes of each anchor and its most likely negative.
torch::Tensor shared_positives(const torch::Tensor& rows, const torch::Tensor& labels) {
  const auto negative = miners::distance_negative_weights(rows, labels, 0.5).argmax(1);
  return miners::shared_positive_weights(rows, labels, negative, miners::SharedPositives::kWeighted, 0.5);
}

/// Each [B, B]; a weight, or a flag.
const std::map<std::string, Weights>& all_weights() {
  static const std::map<std::string, Weights> weights = {
      {"distance",
       [](const auto& rows, const auto& labels) { return miners::distance_negative_weights(rows, labels, 0.5); }},
      {"rho_distance",
       [](const auto& rows, const auto& labels) { return miners::rho_distance_negative_weights(rows, labels, 0.5); }},
      {"softhard positives",
       [](const auto& rows, const auto& labels) {
         return miners::softhard_candidates(plain_distances(rows), labels).positives;
       }},
      {"softhard negatives",
       [](const auto& rows, const auto& labels) {
         return miners::softhard_candidates(plain_distances(rows), labels).negatives;
       }},
      {"parametric",
       [](const auto& rows, const auto& labels) {
         return miners::parametric_negative_weights(rows, labels, {.mode = "semihards"});
       }},
      {"epshn", epshn_negatives},
      {"shared", shared_positives},
  };
  return weights;
}

TEST(MinerMasksTest, TheOrderOfTheBatchDoesNotMatter) {
  const auto rows = testing::random_unit_rows(9, 4, 21, at::kDouble);
  const auto labels = labels_of({0, 0, 1, 1, 1, 2, 2, 3, 0});
  const auto order = labels_of({4, 2, 8, 0, 7, 1, 3, 6, 5});
  for (const auto& [name, weights] : all_weights()) {
    const auto moved = weights(rows.index_select(0, order), labels.index_select(0, order)).to(at::kDouble);
    const auto want = weights(rows, labels).to(at::kDouble).index_select(0, order).index_select(1, order);
    EXPECT_TRUE(moved.allclose(want, 1e-9, 1e-12)) << name;
  }
}

TEST(MinerMasksTest, EveryAnchorWithACandidateHasFiniteWeightsWhateverTheRows) {
  const auto labels = labels_of({0, 0, 1, 1, 1, 2, 2, 3});
  const auto unit = testing::random_unit_rows(8, 6, 3);
  auto twins = unit.clone();
  twins[2].copy_(twins[0]);  // equal rows of different classes
  twins[1].copy_(twins[0]);  // and of one class
  const auto usable = miners::same_class(labels).any(1);
  for (const auto& [name, weights] : all_weights()) {
    for (const auto& rows : {unit, twins, at::zeros({8, 6}), at::ones({8, 1}), unit * 100, unit.slice(1, 0, 2)}) {
      const auto values = weights(rows, labels).to(at::kDouble);
      EXPECT_TRUE(values.isfinite().all().item<bool>()) << name;
      EXPECT_TRUE(values.ge(0).all().item<bool>()) << name;
      EXPECT_TRUE(values.sum(1).gt(0).masked_select(usable).all().item<bool>()) << name << values;
    }
  }
}

}  // namespace
}  // namespace oodml
