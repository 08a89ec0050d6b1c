#include "core/train/sampling_progression.h"

#include <gtest/gtest.h>

namespace oodml::train {
namespace {

SamplingProgression two_updates() {
  return {{{.iteration = 31, .epoch = 1, .score = 0.1, .reward = 0.0, .bins = {0.25, 0.75}, .raw = {1e-25, 3.0}},
           {.iteration = 61, .epoch = 2, .score = 1.0 / 3, .reward = -1.0, .bins = {1.0, 0.0}, .raw = {2.0, 0.0}}}};
}

TEST(SamplingProgressionTest, GoesOnFromItsTensorBitForBit) {
  EXPECT_EQ(*SamplingProgression::of_tensor(two_updates().tensor()), two_updates());
  EXPECT_EQ(*SamplingProgression::of_tensor(SamplingProgression().tensor()), SamplingProgression());
  for (const auto& other : {torch::zeros({4}, torch::kDouble), torch::zeros({2, 5}, torch::kDouble),
                            torch::zeros({2, 6}, torch::kFloat), torch::zeros({2, 2}, torch::kDouble)}) {
    EXPECT_EQ(SamplingProgression::of_tensor(other).error().code(), StatusCode::kInvalidArgument);
  }
}

TEST(SamplingProgressionTest, AsCsvIsALineAnUpdate) {
  EXPECT_EQ(two_updates().csv(),
            "iteration,epoch,score,reward,bin_0,bin_1,raw_0,raw_1\n"
            "31,1,0.1,0,0.25,0.75,1e-25,3\n"
            "61,2,0.3333333333333333,-1,1,0,2,0\n");
  EXPECT_EQ(SamplingProgression().csv(), "iteration,epoch,score,reward\n");
}

}  // namespace
}  // namespace oodml::train
