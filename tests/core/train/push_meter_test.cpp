#include "core/train/push_meter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

using Figures = std::vector<std::pair<std::string, double>>;

/// A miner that pushes as often as it is told to; told nothing, it never does.
class PushingMiner final : public miners::Miner {
 public:
  explicit PushingMiner(torch::Tensor pushes = {}) : pushes_(std::move(pushes)) {}
  miners::Tuples mine(const torch::Tensor&, const torch::Tensor&, at::Generator) override { return {}; }
  torch::Tensor push_triplets() const override { return pushes_; }

 private:
  torch::Tensor pushes_;
};

/// A criterion with miners inside.
class MiningCriterion final : public criteria::Criterion {
 public:
  explicit MiningCriterion(std::vector<const miners::Miner*> inside = {}) : inside_(std::move(inside)) {}
  torch::Tensor forward(const criteria::BatchOutput&, const std::optional<miners::Tuples>&) override { return {}; }
  std::vector<const miners::Miner*> miners_inside() const override { return inside_; }

 private:
  std::vector<const miners::Miner*> inside_;
};

torch::Tensor count(double value) { return torch::tensor(value, torch::kFloat64); }

TEST(PushMeterTest, AnEpochGivesTheMeanOfItsStepsAndStartsOver) {
  const auto pushes = count(3);
  Parts parts{.criterion = std::make_shared<MiningCriterion>()};
  parts.miner = std::make_unique<PushingMiner>(pushes);
  PushMeter meter(parts, torch::kCPU);
  meter.add();
  pushes.fill_(6);
  meter.add();
  EXPECT_EQ(meter.finish_epoch(), (Figures{{"push_triplets", 4.5}}));
  EXPECT_TRUE(std::isnan(meter.finish_epoch()[0].second));
}

TEST(PushMeterTest, MinersInsideOfACriterionAreAveraged) {
  const PushingMiner two(count(2)), five(count(5)), never;
  const Parts parts{.criterion =
                        std::make_shared<MiningCriterion>(std::vector<const miners::Miner*>{&two, &never, &five})};
  PushMeter meter(parts, torch::kCPU);
  meter.add();
  EXPECT_EQ(meter.finish_epoch(), (Figures{{"push_triplets", 3.5}}));
}

TEST(PushMeterTest, AMinerThatNeverPushesHasNoFigure) {
  Parts parts{.criterion = std::make_shared<MiningCriterion>()};
  parts.miner = std::make_unique<PushingMiner>();
  PushMeter meter(parts, torch::kCPU);
  meter.add();
  EXPECT_FALSE(meter.counts());
  EXPECT_TRUE(meter.finish_epoch().empty());
}

TEST(PushMeterTest, ItsStateComesBack) {
  Parts parts{.criterion = std::make_shared<MiningCriterion>()};
  parts.miner = std::make_unique<PushingMiner>(count(4));
  PushMeter meter(parts, torch::kCPU), other(parts, torch::kCPU);
  meter.add();
  ASSERT_TRUE(other.restore(meter.state()).ok());
  EXPECT_EQ(other.finish_epoch(), meter.finish_epoch());
}

}  // namespace
}  // namespace oodml::train
