// The miners that give sets: npair and lifted.
#include <gtest/gtest.h>

#include "core/catalogue/catalogue.h"
#include "tests/core/miners/default_miner.h"

namespace oodml {
namespace {

using testing::labels_of;
using testing::miner_choice;

torch::Tensor flags(std::initializer_list<std::initializer_list<std::int64_t>> rows) {
  std::vector<torch::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(labels_of(row));
  return at::stack(tensors).to(at::kBool);
}

miners::Tuples mine(const char* name, const torch::Tensor& labels, std::uint64_t seed = 1) {
  const auto rows = testing::random_unit_rows(labels.size(0), 3, 2);
  return testing::make_miner(miner_choice(name))->mine(rows, labels, testing::seeded(seed));
}

TEST(SetMinersTest, LiftedGivesTheClassAndTheRest) {
  const auto tuples = mine("lifted", labels_of({0, 1, 0, 0, 2}));
  EXPECT_TRUE(tuples.anchor.equal(labels_of({0, 1, 2, 3, 4})));
  EXPECT_TRUE(tuples.valid.equal(labels_of({1, 0, 1, 1, 0}).to(at::kBool)));
  EXPECT_TRUE(tuples.positive_set.equal(
      flags({{0, 0, 1, 1, 0}, {0, 0, 0, 0, 0}, {1, 0, 0, 1, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}})));
  EXPECT_TRUE(tuples.negative_set.equal(
      flags({{0, 1, 0, 0, 1}, {1, 0, 1, 1, 1}, {0, 1, 0, 0, 1}, {0, 1, 0, 0, 1}, {1, 1, 1, 1, 0}})));
  EXPECT_FALSE(tuples.positive.defined() || tuples.negative.defined());
}

TEST(SetMinersTest, NpairDrawsOnePositiveUniformlyAndGivesAllNegatives) {
  const auto labels = labels_of({0, 1, 0, 0, 2});
  std::vector<int> drawn(5);
  for (int seed = 0; seed < 4000; ++seed) {
    const auto tuples = mine("npair", labels, seed);
    ASSERT_TRUE(tuples.valid.equal(labels_of({1, 0, 1, 1, 0}).to(at::kBool)));
    ASSERT_TRUE(tuples.negative_set.equal(mine("lifted", labels).negative_set));
    ++drawn[static_cast<std::size_t>(tuples.positive[0].item<std::int64_t>())];
  }
  EXPECT_EQ(drawn[2] + drawn[3], 4000);
  EXPECT_NEAR(drawn[2], 2000, 5 * std::sqrt(1000));
}

TEST(SetMinersTest, BatchesOfOneClassOfSingletonsAndOfNothing) {
  for (const char* name : {"npair", "lifted"}) {
    const auto one_class = mine(name, labels_of({3, 3, 3}));
    EXPECT_TRUE(one_class.valid.all().item<bool>()) << name;
    EXPECT_FALSE(one_class.negative_set.any().item<bool>()) << name;
    EXPECT_FALSE(mine(name, labels_of({0, 1, 2})).valid.any().item<bool>()) << name;
    EXPECT_EQ(mine(name, labels_of({})).negative_set.sizes(), at::IntArrayRef({0, 0})) << name;
  }
}

TEST(SetMinersTest, CriteriaOfTripletsRefuseThem) {
  for (const char* name : {"npair", "lifted"}) {
    const auto refused = catalogue::check_pairing({"margin"}, name);
    EXPECT_NE(refused.message().find("criterion margin cannot use miner " + std::string(name)), std::string::npos);
  }
}

}  // namespace
}  // namespace oodml
