#include "core/criteria/diva/moco.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>

#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"

namespace oodml {
namespace {

using criteria::BatchOutput;
using criteria::key_weights;
using criteria::KeyWeighting;
using testing::criterion_choice;
using testing::expect_gradient;
using testing::make;
using testing::random_unit_rows;

BatchOutput check_batch() {
  const auto vectors = testing::check_vectors();
  const std::vector<float> queue = {1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 2, -1, 0, 1};
  return {.embeddings = vectors.z,
          .labels = vectors.labels,
          .keys = distances::unit_rows(vectors.x.flip({1})),
          .queue = distances::unit_rows(at::tensor(queue).view({4, 4}))};
}

double loss_of(const ComponentChoice& choice, const BatchOutput& batch, bool paper = false) {
  return make(choice, 3, batch.embeddings.size(1), paper)->forward(batch, {}).item<double>();
}

TEST(MocoTest, GivesTheSpecifiedLosses) {
  const auto batch = check_batch();
  EXPECT_NEAR(loss_of(criterion_choice("moco", {{"temperature", 0.5}}), batch), 1.66996050, 2e-5);
  EXPECT_NEAR(loss_of(criterion_choice("moco"), batch), 25.12038612, 3e-4);
  for (const bool paper : {false, true}) {
    EXPECT_NEAR(loss_of(criterion_choice("fast_moco", {{"temperature", 0.5}}), batch, paper), 0.93265009, 1e-5);
  }
}

TEST(MocoTest, WeighsTheKeysOfTheFirstQueryAsSpecified) {
  const auto batch = check_batch();
  const auto weights = key_weights(batch.embeddings, batch.queue, {});
  const std::vector<float> want = {0.09386074f, 0.15514004f, 0.16969022f, 0.08708160f};
  EXPECT_TRUE(weights[0].allclose(at::tensor(want), 1e-4, 1e-6)) << weights[0];
  EXPECT_TRUE(weights.sum(0).allclose(at::ones({4}), 1e-5, 1e-6));
  EXPECT_FALSE(key_weights(batch.embeddings.clone().requires_grad_(), batch.queue, {}).requires_grad());
}

TEST(MocoTest, TheFloorIsADenormalInThePapersFormAndANormalFloatElse) {
  // Two queries beside the key e1 and e2; every key that is nearly orthogonal lies beyond the upper cut-off.
  const auto queries = at::eye(3).slice(0, 0, 2);
  const auto queue = at::eye(3).slice(0, 0, 1);
  const KeyWeighting narrow{.lower_cutoff = 0.5, .upper_cutoff = 1.0};
  const float smallest = std::numeric_limits<float>::min();
  EXPECT_EQ(key_weights(queries, queue, narrow)[1].item<float>(), smallest);
  const float denormal = key_weights(queries, queue, {.upper_cutoff = 1.0, .denormal_floor = true})[1].item<float>();
  EXPECT_GT(denormal, 0.0f);
  EXPECT_LT(denormal, smallest);
  // A key that is far from every query weighs the same for all.
  const auto far = at::eye(3).slice(0, 2, 3);
  EXPECT_TRUE(key_weights(queries, far, narrow).equal(at::full({2, 1}, 0.5f)));
}

TEST(MocoTest, OppositeKeysNoKeysAndNoRowsStayFinite) {
  const auto rows = random_unit_rows(5, 6, 1);
  const auto labels = testing::labels_of({0, 0, 1, 1, 2});
  for (const char* name : {"moco", "fast_moco"}) {
    for (const auto& queue : {-rows, rows, at::empty({0, 6}), at::zeros({2, 6}), rows * 100}) {
      const auto x = rows.clone().requires_grad_();
      const auto loss = make(criterion_choice(name), 3, 6)
                            ->forward({.embeddings = x, .labels = labels, .keys = rows, .queue = queue}, {});
      loss.backward();
      EXPECT_TRUE(loss.isfinite().item<bool>() && x.grad().isfinite().all().item<bool>()) << name << queue;
    }
    const auto none = at::empty({0, 6});
    EXPECT_EQ(loss_of(criterion_choice(name), {.embeddings = none, .keys = none, .queue = rows}), 0.0);
    EXPECT_THROW(loss_of(criterion_choice(name), {.embeddings = rows, .queue = rows}), std::invalid_argument);
    EXPECT_THROW(loss_of(criterion_choice(name), {.embeddings = rows, .keys = rows}), std::invalid_argument);
  }
}

TEST(MocoTest, GradientsAgreeWithDifferencesAndWeightsAreConstant) {
  const auto queries = random_unit_rows(4, 5, 1, at::kDouble), queue = random_unit_rows(7, 5, 2, at::kDouble);
  const auto weights = key_weights(queries, queue, {});
  for (const char* name : {"moco", "fast_moco"}) {
    const auto trained = criterion_choice(name, {{"temperature", 0.3}, {"trainable_temp", true}});
    const auto criterion = make(trained, 3, 5);
    criterion->to(at::kDouble);
    const auto x = queries.clone().requires_grad_(), keys = random_unit_rows(4, 5, 3, at::kDouble).requires_grad_();
    const auto forward = [&] { return criterion->forward({.embeddings = x, .keys = keys, .queue = queue}, {}); };
    // The same formula with the weights held fixed.
    const bool fast = std::string(name) == "fast_moco";
    const auto fixed = [&] {
      const auto others = fast ? x.mm(queue.t()) * weights : x.mm(queue.t());
      const auto logits = at::cat({(x * keys).sum(1, true), others}, 1) / criterion->parameters()[0];
      return (logits.logsumexp(1) - logits.select(1, 0)).mean();
    };
    forward().backward();
    expect_gradient(x, fixed);
    expect_gradient(keys, forward);
    expect_gradient(criterion->parameters()[0], forward);
  }
}

TEST(MocoTest, ATrainedTemperatureHasItsOwnRateAndIsClampedInTheLoss) {
  const auto trained = criterion_choice("moco", {{"temperature", 0.2}, {"trainable_temp", true}, {"temp_lr", 0.003}});
  const auto criterion = make(trained, 3, 4);
  ASSERT_EQ(criterion->parameter_groups().size(), 1u);
  EXPECT_DOUBLE_EQ(criterion->parameter_groups()[0].lr, 0.003);
  EXPECT_TRUE(make(criterion_choice("moco"), 3, 4)->parameter_groups().empty());
  const at::NoGradGuard no_grad;
  criterion->parameters()[0].fill_(1e9);
  EXPECT_NEAR(criterion->forward(check_batch(), {}).item<double>(), std::log(5.0), 1e-3);
}

}  // namespace
}  // namespace oodml
