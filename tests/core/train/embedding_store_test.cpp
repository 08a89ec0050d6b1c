#include "core/train/embedding_store.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

torch::Tensor positions(std::vector<std::int64_t> values) { return torch::tensor(values); }

/// Row i is (10 i, 10 i + 1).
torch::Tensor rows(std::int64_t count) {
  return torch::arange(count).to(torch::kFloat32).mul(10).unsqueeze(1).add(torch::tensor({0.0F, 1.0F}));
}

EmbeddingStore filled_store() {
  EmbeddingStore store;
  store.fill(rows(4));
  store.begin_epoch();
  return store;
}

TEST(EmbeddingStoreTest, RowsOfABatchAreOverwrittenAndTheEpochsStartStays) {
  EmbeddingStore store = filled_store();
  store.put(positions({2, 0}), torch::tensor({{7.0F, 8.0F}, {5.0F, 6.0F}}));
  EXPECT_TRUE(store.at_epoch_start().equal(rows(4)));
  store.begin_epoch();
  EXPECT_TRUE(
      store.at_epoch_start().equal(torch::tensor({{5.0F, 6.0F}, {10.0F, 11.0F}, {7.0F, 8.0F}, {30.0F, 31.0F}})));
}

TEST(EmbeddingStoreTest, OfASampleThatOccursTwiceTheLastRowStays) {
  EmbeddingStore store = filled_store();
  store.put(positions({1, 3, 1, 1}), torch::tensor({{1.0F, 1.0F}, {2.0F, 2.0F}, {3.0F, 3.0F}, {4.0F, 4.0F}}));
  store.begin_epoch();
  EXPECT_TRUE(store.at_epoch_start()[1].equal(torch::full({2}, 4.0F)));
  EXPECT_TRUE(store.at_epoch_start()[3].equal(torch::full({2}, 2.0F)));
}

TEST(EmbeddingStoreTest, ARowThatIsNotFiniteIsNotTaken) {
  EmbeddingStore store = filled_store();
  store.put(positions({0, 1}), torch::tensor({{NAN, 1.0F}, {2.0F, 3.0F}}));
  store.begin_epoch();
  EXPECT_TRUE(store.at_epoch_start()[0].equal(rows(4)[0]));
  EXPECT_TRUE(store.at_epoch_start()[1].equal(torch::tensor({2.0F, 3.0F})));
}

TEST(EmbeddingStoreTest, ARestoredStoreGoesOnAndKnowsTheEpochsStart) {
  EmbeddingStore store = filled_store(), again;
  store.put(positions({0}), torch::zeros({1, 2}));
  ASSERT_TRUE(again.restore(store.state(/*inside_epoch=*/true), torch::kCPU).ok());
  EXPECT_TRUE(again.at_epoch_start().equal(rows(4)));
  again.begin_epoch();
  EXPECT_TRUE(again.at_epoch_start()[0].equal(torch::zeros({2})));
  EXPECT_EQ(store.state(/*inside_epoch=*/false).size(), 1U);
}

TEST(EmbeddingStoreTest, BeforeItIsFilledItsStateIsEmpty) {
  EmbeddingStore store;
  EXPECT_TRUE(store.state(true).empty());
  EXPECT_TRUE(store.restore({}, torch::kCPU).ok());
  EXPECT_FALSE(store.filled());
  EXPECT_FALSE(store.restore({{"start", rows(2)}}, torch::kCPU).ok());
  EXPECT_FALSE(store.restore({{"rows", rows(2)}, {"more", rows(2)}}, torch::kCPU).ok());
}

}  // namespace
}  // namespace oodml::train
