// The order of the batch is no information: the same images in another order have the same loss.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "tests/core/criteria/steps.h"

namespace oodml {
namespace {

using criteria::BatchOutput;

torch::Tensor reordered(const torch::Tensor& tensor, const torch::Tensor& order) {
  return tensor.defined() ? tensor.index_select(0, order) : tensor;
}

BatchOutput reordered(const BatchOutput& batch, const torch::Tensor& order) {
  BatchOutput moved = batch;
  for (auto* rows :
       {&moved.embeddings, &moved.labels, &moved.features, &moved.avg_features, &moved.keys, &moved.rotation}) {
    *rows = reordered(*rows, order);
  }
  for (auto& [name, rows] : moved.heads) rows = reordered(rows, order);
  return moved;
}

/// The same tuples at their new places.
miners::Tuples reordered(const miners::Tuples& tuples, const torch::Tensor& order) {
  const auto place = order.argsort();
  const auto moved = [&](const torch::Tensor& positions) {
    return positions.defined() ? place.index_select(0, positions) : positions;
  };
  const auto columns = [&](const torch::Tensor& set) { return set.defined() ? set.index_select(1, order) : set; };
  return {moved(tuples.anchor), moved(tuples.positive),       moved(tuples.negative),
          tuples.valid,         columns(tuples.positive_set), columns(tuples.negative_set)};
}

/// Criteria that draw by themselves: what they draw depends on the place.
bool draws(const std::string& criterion) { return criterion == "quadruplet" || criterion == "diva"; }

TEST(InvarianceTest, TheOrderOfTheBatchDoesNotMatter) {
  const auto labels = testing::labels_of({0, 1, 0, 2, 2, 1, 0, 3, 5, 5});
  const auto rows = testing::random_unit_rows(10, 7, 4, at::kDouble);
  const auto order = testing::labels_of({9, 3, 5, 0, 8, 1, 7, 2, 6, 4});
  for (const auto& name : criteria::criterion_names()) {
    const auto choice = testing::criterion_choice(name);
    const std::string miner = testing::allowed_miners(choice).front();
    if (draws(name)) continue;
    SCOPED_TRACE(name + " with " + miner);
    testing::Objective objective(choice, miner, rows, 6);
    const auto inputs = testing::step_inputs(rows, labels, 8);
    const auto tuples = objective.mine(inputs.batch, 1);
    std::optional<miners::Tuples> moved;
    if (tuples) moved = reordered(*tuples, order);
    const auto loss = objective.criterion().forward(inputs.batch, tuples);
    const auto again = objective.criterion().forward(reordered(inputs.batch, order), moved);
    EXPECT_NE(loss.item<double>(), 0.0) << "nothing to compare";
    EXPECT_TRUE(again.allclose(loss, 1e-10, 1e-12)) << again << loss;
  }
}

}  // namespace
}  // namespace oodml
