#include <cmath>
#include <map>

#include "tests/coordinator/upkeep/upkeep_fixture.h"

namespace oodml::coordinator::testing {
namespace {

constexpr int kEpochs = 300;

class RetentionTest : public UpkeepTest {
 protected:
  void SetUp() override {
    open_with({.events = std::chrono::days(3), .points = std::chrono::days(2), .kept_points = 8});
  }
  void open_with(const RetentionTerms& terms) {
    service.reset();
    auto opened = open_service({.database = database,
                                .retention = terms,
                                .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }},
                               clock, plan_test_sweep);
    ASSERT_TRUE(opened) << opened.error().text();
    service = *std::move(opened);
  }
  void pass(Duration time) {
    advance(time);
    settle();
  }
  using Course = std::map<std::int64_t, double>;
  std::map<std::string, Course> courses(SweepId sweep) {
    std::map<std::string, Course> courses;
    const auto page = sweeps().courses({.sweep = {.id = sweep}});
    EXPECT_TRUE(page) << page.error().text();
    for (const CourseView& view : page->trials.at(0).courses) {
      for (std::size_t i = 0; i < view.epochs.size(); ++i)
        courses[page->figures[view.figure]][view.epochs[i]] = view.values[i];
    }
    return courses;
  }
};

TEST_F(RetentionTest, CurvesOfOldTrialsAreThinnedAndWhatResultsAndReportsReadStays) {
  const SweepId sweep = submit({}).sweep;
  run_all(kEpochs);
  const auto before = courses(sweep);
  const auto table = sweeps().results({.sweep = {.id = sweep}});
  EXPECT_EQ(sweeps().get_trial({1}, 0, 0)->thinning.gone, 0);
  pass(std::chrono::hours(47));
  EXPECT_EQ(rows_of("metric_points"), 3 * kEpochs) << "not yet";
  pass(std::chrono::hours(2));
  EXPECT_EQ(rows_of("metric_points"), 0);
  const auto after = courses(sweep);
  ASSERT_EQ(after.size(), 3u);
  for (const auto& [figure, course] : after) {
    EXPECT_LE(course.size(), 8u + 3u) << figure;
    EXPECT_GE(course.size(), 8u) << figure;
    for (const auto& [epoch, value] : course) EXPECT_EQ(value, before.at(figure).at(epoch)) << figure << epoch;
    for (const std::int64_t epoch : {1, kEpochs / 3, kEpochs}) EXPECT_TRUE(course.contains(epoch)) << figure << epoch;
  }
  const auto table_after = sweeps().results({.sweep = {.id = sweep}});
  ASSERT_EQ(table_after->rows.size(), table->rows.size());
  for (std::size_t i = 0; i < table->rows[0].statistics.size(); ++i) {
    EXPECT_EQ(table_after->rows[0].statistics[i].best.mean, table->rows[0].statistics[i].best.mean);
    EXPECT_EQ(table_after->rows[0].statistics[i].best_epoch_mean, table->rows[0].statistics[i].best_epoch_mean);
  }
  const auto page = sweeps().metrics({.sweep = {.id = sweep}});
  ASSERT_TRUE(page);
  const PointThinning thinning = sweeps().get_trial({1}, 0, 0)->thinning;
  EXPECT_EQ(thinning.kept, std::ssize(page->points));
  EXPECT_EQ(thinning.kept + thinning.gone, 3 * kEpochs);
  EXPECT_EQ(page->points.size(),
            after.at("test:nmi").size() + after.at("test:e_recall@1").size() + after.at("train:loss").size());
  for (std::size_t i = 1; i < page->points.size(); ++i)
    EXPECT_LT(page->points[i - 1].sequence, page->points[i].sequence);
}

TEST_F(RetentionTest, EventsOfOldTrialsGoButTheirLastWords) {
  submit({});
  run_all();
  ASSERT_EQ(rows_of("events"), 2);
  pass(std::chrono::hours(73));
  ASSERT_EQ(rows_of("events"), 1);
  const auto detail = sweeps().get_trial({1}, 0, 1000);
  ASSERT_TRUE(detail);
  ASSERT_FALSE(detail->events.empty());
  EXPECT_TRUE(std::holds_alternative<job::Done>(detail->events.back().body));
  EXPECT_EQ(detail->attempts.at(0).device, "cpu") << "what the other events said is known";
}

TEST_F(RetentionTest, ATrialThatRunsAgainIsWholeAgainAndThinnedInItsTime) {
  submit({});
  run_all(kEpochs);
  pass(std::chrono::hours(49));
  ASSERT_EQ(rows_of("metric_points"), 0);
  Answer<SubmitView> rerun;
  sweeps().submit(TestSweep{.name = "again"}.text(), "", {.rerun = true}, rerun.reply());
  const SweepId again = rerun.get()->sweep;
  run_all(kEpochs);
  EXPECT_EQ(courses(again).at("test:nmi").size(), static_cast<std::size_t>(kEpochs));
  pass(std::chrono::hours(49));
  EXPECT_EQ(rows_of("metric_points"), 0);
  EXPECT_LE(courses(again).at("test:nmi").size(), 11u);
}

TEST_F(RetentionTest, NothingGoesUnlessItIsAskedFor) {
  open_with({});
  submit({});
  run_all();
  pass(std::chrono::days(1000));
  EXPECT_EQ(rows_of("metric_points"), 9);
  EXPECT_EQ(rows_of("events"), 2);
}

TEST_F(RetentionTest, StatsSayWhatIsKeptAndWhatFillsTheDatabase) {
  submit({.seeds = {0, 1}});
  run_all(kEpochs);
  pass(std::chrono::hours(49));
  const auto stats = upkeep().stats();
  ASSERT_TRUE(stats) << stats.error().text();
  EXPECT_EQ(stats->path, database);
  EXPECT_EQ(stats->trials, 2);
  EXPECT_GT(stats->database_bytes, 0);
  EXPECT_GT(stats->disk_free_bytes, 0);
  ASSERT_EQ(stats->retention.size(), 4u);
  EXPECT_NE(stats->retention[0].find("thinned to 8 points 2 days after"), std::string::npos) << stats->retention[0];
  EXPECT_NE(stats->retention[0].find("so far of 2 trials, by 1800 rows"), std::string::npos) << stats->retention[0];
  std::int64_t bytes = 0;
  bool has_trials = false;
  for (const TableSize& table : stats->tables) {
    bytes += table.bytes;
    has_trials = has_trials || (table.table == "trials" && table.rows == 2 && table.bytes > 0);
  }
  EXPECT_TRUE(has_trials);
  EXPECT_LE(bytes, stats->database_bytes);
}

}  // namespace
}  // namespace oodml::coordinator::testing
