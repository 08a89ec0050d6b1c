#pragma once

#include <gtest/gtest.h>

#include "tests/core/miners/default_miner.h"

namespace oodml::testing {

inline constexpr int kDrawRounds = 4000;

/// Eight rows of four classes, and counts of what a miner draws of them with many fixed seeds.
class EightRowsTest : public ::testing::Test {
 protected:
  const torch::Tensor labels_ = labels_of({0, 0, 0, 1, 1, 2, 2, 3});  // row 7 is alone
  const torch::Tensor rows_ = random_unit_rows(8, 5, 11);
  torch::Tensor positives_ = at::zeros({8, 8}, at::kDouble), negatives_ = at::zeros({8, 8}, at::kDouble);

  template <typename Each>
  void draw(miners::Miner& miner, Each each) {
    for (int round = 0; round < kDrawRounds; ++round) each(miner.mine(rows_, labels_, seeded(round)));
  }
};

}  // namespace oodml::testing
