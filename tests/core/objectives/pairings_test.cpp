// Every allowed pairing of criterion and miner on batches of all kinds: loss and gradients stay finite.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/base/seeds.h"
#include "core/catalogue/catalogue.h"
#include "tests/core/objectives/batches.h"

namespace oodml {
namespace {

constexpr std::int64_t kClasses = 6;

struct Batch {
  torch::Tensor rows, labels;
};

/// Unit or raw rows, some repeated, some zero; few or many classes, alone or not.
Batch random_batch(Random& random) {
  const std::int64_t size = 1 + random.below(14), dim = 1 + random.below(40), classes = 1 + random.below(kClasses);
  auto rows = testing::random_unit_rows(size, dim, random.next());
  if (random.below(3) == 0) rows = rows * (0.1 + 5 * random.uniform());
  if (random.below(3) == 0) rows[random.below(size)].copy_(rows[random.below(size)].clone());
  if (random.below(6) == 0) rows[random.below(size)].zero_();
  const auto labels = at::randint(classes, {size}, testing::seeded(random.next()), at::TensorOptions(at::kLong));
  return {rows, labels};
}

std::vector<std::string> miners_of(const std::string& criterion) {
  std::vector<std::string> allowed;
  for (const auto& miner : miners::miner_names()) {
    if (catalogue::check_pairing({criterion}, miner).ok()) allowed.push_back(miner);
  }
  if (catalogue::check_pairing({criterion}, "none").ok()) allowed.push_back("none");
  return allowed;
}

void expect_finite_step(const std::string& criterion_name, const std::string& miner_name, const Batch& batch,
                        std::uint64_t seed, bool paper) {
  const auto criterion = testing::make(testing::criterion_choice(criterion_name), kClasses, batch.rows.size(1), paper);
  const auto x = batch.rows.clone().requires_grad_();
  std::optional<miners::Tuples> triplets;
  if (miner_name != "none") {
    triplets = testing::make_miner(testing::miner_choice(miner_name), paper)
                   ->mine(x.detach(), batch.labels, testing::seeded(seed));
    const auto size = batch.rows.size(0);
    for (const auto& index : {triplets->anchor, triplets->positive, triplets->negative}) {
      ASSERT_TRUE(index.ge(0).logical_and(index.lt(size)).all().item<bool>());
    }
  }
  const auto loss = criterion->forward({.embeddings = x, .labels = batch.labels}, triplets);
  loss.backward();
  ASSERT_TRUE(loss.isfinite().item<bool>());
  ASSERT_TRUE(x.grad().isfinite().all().item<bool>());
  for (const auto& parameter : criterion->parameters()) {
    if (parameter.grad().defined()) {
      ASSERT_TRUE(parameter.grad().isfinite().all().item<bool>());
    }
  }
}

TEST(PairingsTest, RandomBatchesGiveFiniteLossesAndGradients) {
  for (const auto& criterion : criteria::criterion_names()) {
    const auto allowed = miners_of(criterion);
    ASSERT_FALSE(allowed.empty());
    for (const auto& miner : allowed) {
      Random random(42);
      for (int round = 0; round < 120; ++round) {
        SCOPED_TRACE(criterion + " with " + miner + ", round " + std::to_string(round));
        const Batch batch = random_batch(random);
        expect_finite_step(criterion, miner, batch, random.next(), round % 4 == 0);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(PairingsTest, TheSameStepGivesTheSameBits) {
  const auto rows = testing::random_unit_rows(112, 64, 5);
  const auto labels = at::arange(112).div(2, "floor");
  for (const auto& name : criteria::criterion_names()) {
    std::vector<torch::Tensor> gradients;
    for (int run = 0; run < 2; ++run) {
      const auto criterion = testing::make(testing::criterion_choice(name), 56, 64);
      const auto x = rows.clone().requires_grad_();
      std::optional<miners::Tuples> triplets;
      if (catalogue::find(catalogue::Kind::kCriterion, name)->needs_miner) {
        triplets = testing::make_miner(testing::miner_choice("distance"))->mine(x.detach(), labels, testing::seeded(9));
      }
      criterion->forward({.embeddings = x, .labels = labels}, triplets).backward();
      gradients.push_back(x.grad());
    }
    EXPECT_TRUE(gradients[0].equal(gradients[1])) << name;
  }
}

}  // namespace
}  // namespace oodml
