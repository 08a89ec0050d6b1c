// Whole courses of a sweep's trials, as reports read them.

#include <cmath>
#include <limits>

#include "coordinator/service/course_page.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

class CoursesQueryTest : public ServiceTest {
 protected:
  CoursePage courses(const std::vector<std::string>& figures = {}, TrialId after = {}) {
    auto page = sweeps().courses({.sweep = {.name = "study"}, .figures = figures, .after = after});
    EXPECT_TRUE(page) << page.error().text();
    return page ? *std::move(page) : CoursePage{};
  }
};

TEST_F(CoursesQueryTest, EveryTrialComesWithItsKeysAndStateMeasuredOrNot) {
  submit({.criteria = {"margin"}, .seeds = {3, 4}, .split = "default"});
  connect("a");
  const job::LeasedTrial leased = acquire("a");
  ASSERT_TRUE(push("a", leased.lease, 1, {metric(1, "e_recall@1", 0.5), metric(2, "e_recall@1", 0.75)}));
  ASSERT_TRUE(finish(leased.lease, Outcome::kSucceeded, 2).ok());
  const CoursePage page = courses();
  EXPECT_EQ(page.sweep.name, "study");
  EXPECT_EQ(page.axes, (std::vector<std::string>{"criterion", "seed"}));
  EXPECT_EQ(page.figures, std::vector<std::string>{"test:e_recall@1"});
  ASSERT_EQ(page.trials.size(), 2u);
  EXPECT_EQ(page.next_after, 0);
  EXPECT_EQ(page.trials[0].trial.state, job::TrialState::kSucceeded);
  EXPECT_EQ(page.trials[0].trial.labels.at("seed"), "3");
  EXPECT_EQ(page.trials[0].spec.values.integer("seed"), 3);
  ASSERT_EQ(page.trials[0].courses.size(), 1u);
  EXPECT_EQ(page.trials[0].courses[0].epochs, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(page.trials[0].courses[0].values, (std::vector<double>{0.5, 0.75}));
  EXPECT_EQ(page.trials[1].trial.state, job::TrialState::kQueued);
  EXPECT_TRUE(page.trials[1].courses.empty());
}

TEST_F(CoursesQueryTest, OfAnEpochMeasuredAgainTheLaterAttemptCounts) {
  submit({});
  connect("a");
  const job::LeasedTrial first = acquire("a");
  ASSERT_TRUE(push("a", first.lease, 1, {metric(1, "nmi", 0.1), metric(2, "nmi", 0.2), metric(3, "nmi", 0.3)}));
  ASSERT_TRUE(finish(first.lease, Outcome::kInfrastructure, 3).ok());
  advance(1h);
  connect("a");
  const job::LeasedTrial second = acquire("a");
  ASSERT_TRUE(
      push("a", second.lease, 1, {metric(2, "nmi", std::numeric_limits<double>::quiet_NaN()), metric(4, "nmi", 0.4)}));
  const CoursePage page = courses();
  ASSERT_EQ(page.trials.at(0).courses.size(), 1u);
  const CourseView& course = page.trials[0].courses[0];
  EXPECT_EQ(course.epochs, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(course.values[0], 0.1);
  EXPECT_TRUE(std::isnan(course.values[1]));
  EXPECT_EQ(course.values[2], 0.3);
  EXPECT_EQ(course.values[3], 0.4);
  EXPECT_EQ(page.trials[0].trial.state, job::TrialState::kRunning);
}

/// A program of somebody's own that stops where it gets no better.
TEST_F(CoursesQueryTest, AnEpochThatOnlyAnOvertakenAttemptReachedIsNoResult) {
  submit({});
  connect("a");
  const job::Lease first = acquire("a").lease;
  ASSERT_TRUE(push("a", first, 1, {metric(1, "nmi", 0.1), metric(2, "nmi", 0.2), metric(3, "nmi", 0.9)}));
  ASSERT_TRUE(finish(first, Outcome::kPreempted, 3).ok());
  const job::Lease second = acquire("a").lease;
  ASSERT_TRUE(push("a", second, 1, {metric(1, "nmi", 0.5), metric(2, "nmi", 0.4)}));
  ASSERT_TRUE(finish(second, Outcome::kSucceeded, 2).ok());
  const ResultsTable table = *sweeps().results({.sweep = {.id = {1}}, .metrics = {"nmi"}});
  const Statistic nmi = table.rows.at(0).statistics.at(0);
  EXPECT_EQ(nmi.best.mean, 0.5);
  EXPECT_EQ(nmi.last.mean, 0.4);
  EXPECT_EQ(courses().trials.at(0).courses.at(0).epochs, (std::vector<std::int64_t>{1, 2})) << "as the table";
}

TEST_F(CoursesQueryTest, AnAttemptThatSaysNothingOfItsEpochsLeavesThoseOfTheOneItGoesOnFrom) {
  submit({});
  connect("a");
  const job::Lease first = acquire("a").lease;
  ASSERT_TRUE(push("a", first, 1, {metric(1, "nmi", 0.1), metric(2, "nmi", 0.2)}));
  ASSERT_TRUE(finish(first, Outcome::kPreempted, 2).ok());
  const job::Lease second = acquire("a").lease;
  ASSERT_TRUE(push("a", second, 1, {metric(0, "fid", 20)}));
  ASSERT_TRUE(finish(second, Outcome::kSucceeded, 1).ok());
  EXPECT_EQ(sweeps().get_trial(first.trial, 0, 0)->metrics.size(), 3u);
}

TEST_F(CoursesQueryTest, FiguresAreChosenByNameOrBeginning) {
  submit({});
  connect("a");
  const job::LeasedTrial leased = acquire("a");
  ASSERT_TRUE(push("a", leased.lease, 1,
                   {metric(1, "e_recall@1", 0.1), metric(1, "nmi", 0.2), metric(1, "nmi", 0.3, "train"),
                    metric(1, "dists@intra", 0.4, "train"),
                    job::Metric{.epoch = 1, .set = "test", .embeds = "Combined", .name = "nmi", .value = 0.5}}));
  EXPECT_EQ(courses({"test:nmi"}).figures, std::vector<std::string>{"test:nmi"});
  EXPECT_EQ(courses({"test:nmi*"}).figures, (std::vector<std::string>{"test:nmi", "test:nmi/Combined"}));
  EXPECT_EQ(courses({"train:*"}).trials.at(0).courses.size(), 2u);
  EXPECT_TRUE(courses({"val:*"}).trials.at(0).courses.empty());
  EXPECT_TRUE(courses({":"}).figures.empty());
  EXPECT_EQ(courses().figures.size(), 5u);
}

TEST_F(CoursesQueryTest, ALongSweepComesInPages) {
  std::vector<int> seeds(600);
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = static_cast<int>(i);
  submit({.seeds = seeds});
  const CoursePage first = courses();
  ASSERT_EQ(first.trials.size(), 500u);
  EXPECT_EQ(first.next_after, first.trials.back().trial.id.value);
  const CoursePage rest = courses({}, TrialId{first.next_after});
  EXPECT_EQ(rest.trials.size(), 100u);
  EXPECT_EQ(rest.next_after, 0);
}

TEST_F(CoursesQueryTest, ASweepThatIsNotThereIsNotFound) {
  EXPECT_EQ(sweeps().courses({.sweep = {.name = "ghost"}}).error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace oodml::coordinator::testing
