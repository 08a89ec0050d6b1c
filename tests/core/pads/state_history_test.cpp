#include "core/pads/state_history.h"

#include <gtest/gtest.h>

namespace oodml::pads {
namespace {

torch::Tensor row(std::initializer_list<double> numbers) {
  return torch::tensor(std::vector<double>(numbers), torch::kDouble);
}

TEST(StateHistoryTest, TheStateOfThePaperHas128NumbersAndThatOfItsRuns198) {
  EXPECT_EQ(state_size({}, 7, 29), 128);
  EXPECT_EQ(state_size({.metric_history = 20}, 7, 29), 198);
}

TEST(StateHistoryTest, HasTheLastMetricsMeansHistogramsAndTheShareOfTheRun) {
  StateHistory history({.metric_history = 2, .run_avgs = {3, 10}, .parameter_history = 2});
  history.observe(row({1.0}), row({0.5, 0.5}));
  // Two copies of the metrics and of the histogram.
  EXPECT_TRUE(history.state(0.0).equal(torch::tensor({1.f, 1.f, 1.f, 1.f, .5f, .5f, .5f, .5f, 0.f})));
  history.observe(row({4.0}), row({0.25, 0.75}));
  history.observe(row({7.0}), row({0.0, 1.0}));
  // 4, 7 | mean of 1 4 7, of 1 1 4 7 | the last two histograms | progress
  EXPECT_TRUE(history.state(0.5).equal(torch::tensor({4.f, 7.f, 4.f, 3.25f, .25f, .75f, 0.f, 1.f, .5f})));
}

TEST(StateHistoryTest, WithoutMeansItHasTheOldestOfEachWindow) {
  StateHistory history({.metric_history = 1, .run_avgs = {2, 3}, .run_avgs_no_avg = true});
  for (const double value : {1.0, 2.0, 3.0, 4.0}) history.observe(row({value}), row({1.0}));
  EXPECT_TRUE(history.state(1.0).equal(torch::tensor({4.f, 3.f, 2.f, 1.f, 1.f})));
}

TEST(StateHistoryTest, GoesOnFromItsTensors) {
  const StateOptions options{.metric_history = 2, .run_avgs = {3}};
  StateHistory history(options), other(options);
  EXPECT_TRUE(history.tensors().empty());
  history.observe(row({1.0, 2.0}), row({1.0}));
  ASSERT_TRUE(other.restore(history.tensors()).ok());
  for (StateHistory* one : {&history, &other}) one->observe(row({3.0, 4.0}), row({1.0}));
  EXPECT_TRUE(history.state(0.1).equal(other.state(0.1)));
  EXPECT_EQ(other.restore({{"metrics", row({1.0})}}).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::pads
