#include "core/train/step_figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

using Figures = std::vector<std::pair<std::string, double>>;

GradientStatistics statistics(std::vector<torch::Tensor> gradients) {
  return gradient_statistics(gradients, torch::kCPU);
}

TEST(GradientStatisticsTest, AreRootMeanSquareAndMaximumOfAllGradientsTogether) {
  const auto found = statistics({torch::tensor({{1.0F, -7.0F}}), torch::tensor({5.0F, 3.0F, 4.0F})});
  EXPECT_NEAR(found.l2.item<double>(), std::sqrt(100.0 / 5), 1e-6);
  EXPECT_EQ(found.max.item<double>(), 7.0);
  EXPECT_EQ(statistics({}).l2.item<double>(), 0.0);
}

TEST(StepFiguresTest, AnEpochGivesMeansAndStartsOver) {
  StepFigures figures(torch::kCPU);
  figures.add(statistics({torch::tensor({1.0F})}), {});
  figures.add(statistics({torch::tensor({3.0F})}), {});
  EXPECT_EQ(figures.finish_epoch(true, false), (Figures{{"grad_l2", 2.0}, {"grad_max", 2.0}}));
  figures.add(statistics({torch::tensor({5.0F})}), {});
  EXPECT_EQ(figures.finish_epoch(true, true), (Figures{{"grad_l2", 5.0}, {"grad_max", 5.0}, {"skipped_steps", 0.0}}));
  EXPECT_TRUE(std::isnan(figures.finish_epoch(true, false)[0].second));
}

TEST(StepFiguresTest, UpdatesThatAreLeftOutAreCountedButNotAveraged) {
  StepFigures figures(torch::kCPU);
  for (const float skip : {0.0F, 1.0F, 1.0F}) {
    figures.add_skipped(torch::tensor(skip));
    figures.add(statistics({torch::tensor({skip == 1.0F ? NAN : 4.0F})}), torch::tensor(skip));
  }
  EXPECT_EQ(figures.finish_epoch(true, true), (Figures{{"grad_l2", 4.0}, {"grad_max", 4.0}, {"skipped_steps", 2.0}}));
}

TEST(StepFiguresTest, ItsStateComesBack) {
  StepFigures figures(torch::kCPU), other(torch::kCPU);
  figures.add(statistics({torch::tensor({2.0F})}), {});
  ASSERT_TRUE(other.restore(figures.state()).ok());
  EXPECT_EQ(other.finish_epoch(true, false), figures.finish_epoch(true, false));
}

}  // namespace
}  // namespace oodml::train
