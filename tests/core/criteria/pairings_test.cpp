// Every allowed pairing of criterion and miner on batches of all kinds: loss and gradients stay finite.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/base/seeds.h"
#include "core/catalogue/catalogue.h"
#include "tests/core/criteria/steps.h"

namespace oodml {
namespace {

using testing::Objective;

constexpr std::int64_t kClasses = 41;
constexpr int kSteps = 40;

struct Batch {
  torch::Tensor rows, labels;
};

/// All of one class, all alone, pairs, or few and many classes at random.
torch::Tensor random_labels(std::int64_t size, Random& random) {
  const auto positions = at::arange(size, at::kLong);
  switch (random.below(5)) {
    case 0:
      return at::full({size}, random.below(kClasses), at::kLong);
    case 1:
      return positions;
    case 2:
      return positions.div(2, "floor");
    case 3:
      return at::randint(2, {size}, testing::seeded(random.next()), at::kLong);
    default:
      return at::randint(1 + random.below(kClasses), {size}, testing::seeded(random.next()), at::kLong);
  }
}

/// Unit or raw rows, some repeated, some zero, now and then all equal.
torch::Tensor random_rows(std::int64_t size, std::int64_t dim, Random& random) {
  auto rows = testing::random_unit_rows(size, dim, random.next());
  if (random.below(3) == 0) rows = rows * (0.1 + 5 * random.uniform());
  if (random.below(3) == 0) rows[random.below(size)].copy_(rows[random.below(size)].clone());
  if (random.below(6) == 0) rows[random.below(size)].zero_();
  if (random.below(10) == 0) rows = rows.slice(0, 0, 1).expand({size, dim}).contiguous();
  return rows;
}

Batch random_batch(Random& random, std::int64_t dim) {
  const std::int64_t size = random.below(12) == 0 ? 1 : 2 + random.below(39);
  return {random_rows(size, dim, random), random_labels(size, random)};
}

/// With nets as small as the batches.
ComponentChoice small_choice(const std::string& name) {
  auto choice = testing::criterion_choice(name);
  const std::vector<std::pair<std::string, Value>> small = {{"target_dims", std::vector<std::int64_t>{6, 9}},
                                                            {"nf_fc_width", std::int64_t{8}},
                                                            {"nf_fc_depth", std::int64_t{3}},
                                                            {"decorrnet_dim", std::int64_t{8}}};
  for (const auto& [key, value] : small) {
    if (choice.params.has(key)) choice.params.set(key, value);
  }
  return choice;
}

void expect_finite_step(Objective& objective, const Batch& batch, std::uint64_t seed) {
  auto inputs = testing::step_inputs(batch.rows, batch.labels, seed);
  const auto loss = objective.loss(inputs.batch, seed);
  ASSERT_EQ(loss.dim(), 0);
  ASSERT_TRUE(loss.isfinite().item<bool>());
  for (auto& parameter : objective.criterion().parameters()) parameter.mutable_grad().reset();
  loss.backward();
  for (const auto& leaf : inputs.leaves) {
    ASSERT_TRUE(!leaf.grad().defined() || leaf.grad().isfinite().all().item<bool>());
  }
  for (const auto& item : objective.criterion().named_parameters()) {
    const auto& gradient = item.value().grad();
    ASSERT_TRUE(!gradient.defined() || gradient.isfinite().all().item<bool>()) << item.key();
  }
}

TEST(PairingsTest, RandomBatchesGiveFiniteLossesAndGradients) {
  for (const auto& name : criteria::criterion_names()) {
    const auto criterion = small_choice(name);
    const auto allowed = testing::allowed_miners(criterion);
    ASSERT_FALSE(allowed.empty()) << name;
    for (const auto& miner : allowed) {
      Random random(42);
      for (int round = 0; round < kSteps; ++round) {
        const std::int64_t dim = 2 + random.below(63);
        const Batch batch = random_batch(random, dim);
        const bool paper = round % 4 == 0;
        SCOPED_TRACE(name + " with " + miner + ", round " + std::to_string(round) + (paper ? ", paper" : "") + ", B " +
                     std::to_string(batch.labels.size(0)) + ", D " + std::to_string(dim));
        Objective objective(criterion, miner, batch.rows, kClasses, paper);
        expect_finite_step(objective, batch, random.next());
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(PairingsTest, TheSameStepGivesTheSameBits) {
  const auto rows = testing::random_unit_rows(112, 64, 5);
  const auto labels = at::arange(112).div(2, "floor");
  for (const auto& name : criteria::criterion_names()) {
    const auto criterion = small_choice(name);
    for (const auto& miner : testing::allowed_miners(criterion)) {
      std::vector<std::vector<torch::Tensor>> gradients;
      for (int run = 0; run < 2; ++run) {
        Objective objective(criterion, miner, rows, 56);
        auto inputs = testing::step_inputs(rows, labels, 11);
        objective.loss(inputs.batch, 9).backward();
        gradients.emplace_back();
        for (const auto& leaf : inputs.leaves) gradients.back().push_back(leaf.grad());
      }
      for (std::size_t i = 0; i < gradients[0].size(); ++i) {
        if (!gradients[0][i].defined()) continue;
        EXPECT_TRUE(gradients[0][i].equal(gradients[1][i])) << name << " with " << miner << ", leaf " << i;
      }
    }
  }
}

}  // namespace
}  // namespace oodml
