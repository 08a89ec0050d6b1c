// Tables of results and courses of metrics over the wire, in pages that fit a reply.

#include <cmath>
#include <limits>

#include "core/job/limits.h"
#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

TEST_F(SweepRpcTest, ResultsGoThereAndBack) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  fake_sweeps().on_results = [&](const ResultsQuery& query) -> Result<ResultsTable> {
    EXPECT_EQ(query.sweep.id.value, 4);
    EXPECT_EQ(query.metrics, std::vector<std::string>{"e_recall@1"});
    EXPECT_EQ(query.by, std::vector<std::string>{"criterion"});
    EXPECT_EQ(query.filter, (std::vector<std::pair<std::string, std::string>>{{"split", "3"}}));
    EXPECT_EQ(query.sort, "-e_recall@1");
    Statistic statistic{"e_recall@1", "test", 4, 5, {4, 0.6, 0.1, 0.15}, {4, 0.5, 0.2, 0.25}, {0, nan, nan, nan}, 12.5};
    return ResultsTable{some_sweep(), {"criterion"}, {{{{"criterion", "margin"}}, 4, 5, {statistic}, {"a mix"}}}, 4, 5,
                        query.over,   {"a note"}};
  };
  v1::QueryResultsRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.add_metrics("e_recall@1");
  request.add_by("criterion");
  request.add_filter()->set_axis("split");
  request.mutable_filter(0)->set_label("3");
  request.set_sort("-e_recall@1");
  request.set_over("benchmark");
  v1::QueryResultsReply reply;
  ASSERT_EQ(said(sweeps_->QueryResults(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.sweep().sweep_id(), 4);
  EXPECT_EQ(reply.by(0), "criterion");
  EXPECT_EQ(reply.over(), "benchmark");
  EXPECT_EQ(reply.rows(0).mixes(0), "a mix");
  EXPECT_EQ(reply.notes(0), "a note");
  EXPECT_EQ(reply.n(), 4);
  EXPECT_EQ(reply.n_expected(), 5);
  ASSERT_EQ(reply.rows_size(), 1);
  EXPECT_EQ(reply.rows(0).labels(0).label(), "margin");
  EXPECT_EQ(reply.rows(0).n(), 4);
  EXPECT_EQ(reply.rows(0).n_expected(), 5);
  const v1::Statistic& statistic = reply.rows(0).statistics(0);
  EXPECT_EQ(statistic.metric(), "e_recall@1");
  EXPECT_EQ(statistic.set(), "test");
  EXPECT_EQ(statistic.n(), 4);
  EXPECT_EQ(statistic.n_expected(), 5);
  EXPECT_EQ(statistic.best_mean(), 0.6);
  EXPECT_EQ(statistic.best_sd(), 0.1);
  EXPECT_EQ(statistic.best_half_width(), 0.15);
  EXPECT_EQ(statistic.last_mean(), 0.5);
  EXPECT_EQ(statistic.last_sd(), 0.2);
  EXPECT_EQ(statistic.last_half_width(), 0.25);
  EXPECT_EQ(statistic.best_epoch_mean(), 12.5);
  EXPECT_TRUE(std::isnan(statistic.selected_mean()));
  EXPECT_EQ(statistic.selected_n(), 0);
}

TEST_F(SweepRpcTest, ARowThatDoesNotFitIsLeftForTheNextPage) {
  fake_sweeps().on_results = [&](const ResultsQuery& query) -> Result<ResultsTable> {
    EXPECT_EQ(query.after_row, 7);
    return ResultsTable{.sweep = some_sweep(), .rows = std::vector<ResultRow>(2), .rows_left_out = 5};
  };
  v1::QueryResultsRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.set_after_row(7);
  v1::QueryResultsReply reply;
  ASSERT_EQ(said(sweeps_->QueryResults(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.rows_size(), 2);
  EXPECT_EQ(reply.rows_left_out(), 5);
}

TEST_F(SweepRpcTest, MetricsGoThereAndBackPageByPage) {
  fake_sweeps().on_metrics = [&](const MetricSelection& wanted) -> Result<MetricPage> {
    EXPECT_EQ(wanted.sweep.id.value, 4);
    EXPECT_EQ(wanted.trial.value, 0);
    EXPECT_EQ(wanted.where, (std::vector<std::string>{"seed=0..1"}));
    EXPECT_EQ(wanted.after.trial.value, 7);
    EXPECT_EQ(wanted.after.attempt, 2);
    EXPECT_EQ(wanted.after.sequence, 30);
    const job::Metric recall{.epoch = 3, .set = "test", .embeds = "embeds", .name = "e_recall@1", .value = 0.5};
    return MetricPage{.axes = {"criterion", "seed"},
                      .points = {{.trial = {7}, .attempt = 2, .sequence = 31, .time = from_millis(99), .body = recall}},
                      .labels = {{TrialId{7}, {{"seed", "1"}}}},
                      .next = MetricCursor{{7}, 2, 31}};
  };
  v1::ReadMetricsRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.add_where("seed=0..1");
  request.mutable_after()->set_trial_id(7);
  request.mutable_after()->set_attempt(2);
  request.mutable_after()->set_sequence(30);
  v1::ReadMetricsReply reply;
  ASSERT_EQ(said(sweeps_->ReadMetrics(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.axes_size(), 2);
  ASSERT_EQ(reply.points_size(), 1);
  EXPECT_EQ(reply.points(0).metric().value(), 0.5);
  EXPECT_EQ(reply.points(0).sequence(), 31);
  EXPECT_EQ(reply.trials(0).trial_id(), 7);
  EXPECT_EQ(reply.trials(0).labels(0).label(), "1");
  EXPECT_EQ(reply.next().sequence(), 31);
  request.mutable_after()->set_sequence(-1);
  EXPECT_EQ(sweeps_->ReadMetrics(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SweepRpcTest, APageOfMetricsThatDoesNotFitGoesOnAfterItsLastPoint) {
  fake_sweeps().on_metrics = [&](const MetricSelection&) -> Result<MetricPage> {
    MetricPage page;
    const std::string long_name(job::kMaxNameBytes, 'm');
    for (std::int64_t i = 1; i <= 20'000; ++i) {
      page.points.push_back(
          {.trial = {7},
           .attempt = 1,
           .sequence = i,
           .body = job::Metric{.epoch = 1, .set = long_name, .embeds = long_name, .name = long_name}});
    }
    return page;
  };
  v1::ReadMetricsRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  v1::ReadMetricsReply reply;
  ASSERT_EQ(said(sweeps_->ReadMetrics(Call(), request, &reply)), "OK");
  ASSERT_LT(reply.points_size(), 20'000);
  EXPECT_LT(reply.ByteSizeLong(), job::kMaxPageBytes);
  EXPECT_EQ(reply.next().sequence(), reply.points_size());
}

TEST_F(SweepRpcTest, CoursesGoThereAndBackWithTheKeysOfTheirTrials) {
  fake_sweeps().on_courses = [&](const CourseQuery& query) -> Result<CoursePage> {
    EXPECT_EQ(query.sweep.name, "study");
    EXPECT_EQ(query.figures, std::vector<std::string>{"test:*"});
    EXPECT_EQ(query.after.value, 6);
    CoursePage page{.sweep = some_sweep(), .axes = {"criterion"}, .figures = {"test:nmi"}, .next_after = 9};
    TrialCourses trial;
    trial.trial.id = {7};
    trial.trial.state = job::TrialState::kFailed;
    trial.trial.labels = {{"criterion", "a"}};
    trial.spec.values = {
        {"benchmark", std::string("cub200")}, {"split", std::string("3")}, {"criterion", std::string("margin")},
        {"group", std::string("CUB_ID-3")},   {"seed", std::int64_t{2}},   {"epochs", std::int64_t{200}},
        {"recipe", std::string("oodml")}};
    trial.courses = {{.figure = 0, .epochs = {1, 2}, .values = {0.5, std::nan("")}}};
    page.trials = {trial};
    return page;
  };
  v1::ReadCoursesRequest request;
  request.mutable_sweep()->set_name("study");
  request.add_figures("test:*");
  request.set_after_trial_id(6);
  v1::ReadCoursesReply reply;
  ASSERT_EQ(said(sweeps_->ReadCourses(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.axes(0), "criterion");
  EXPECT_EQ(reply.figures(0), "test:nmi");
  EXPECT_EQ(reply.next_after_trial_id(), 9);
  ASSERT_EQ(reply.trials_size(), 1);
  const v1::TrialCourses& trial = reply.trials(0);
  EXPECT_EQ(trial.trial_id(), 7);
  EXPECT_EQ(trial.state(), "failed");
  EXPECT_EQ(trial.labels(0).label(), "a");
  EXPECT_EQ(trial.benchmark() + trial.split() + trial.criterion() + trial.group() + trial.recipe(),
            "cub2003marginCUB_ID-3oodml");
  EXPECT_EQ(trial.seed(), 2);
  EXPECT_EQ(trial.epochs(), 200);
  EXPECT_EQ(trial.courses(0).epochs(1), 2);
  EXPECT_EQ(trial.courses(0).values(0), 0.5);
  EXPECT_TRUE(std::isnan(trial.courses(0).values(1)));
  request.set_after_trial_id(-1);
  EXPECT_EQ(sweeps_->ReadCourses(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SweepRpcTest, APageOfCoursesThatDoesNotFitGoesOnAfterItsLastTrial) {
  fake_sweeps().on_courses = [&](const CourseQuery&) -> Result<CoursePage> {
    CoursePage page{.sweep = some_sweep(), .figures = {"test:nmi"}};
    for (std::int64_t id = 1; id <= 10; ++id) {
      TrialCourses trial;
      trial.trial.id = {id};
      trial.courses = {
          {.figure = 0, .epochs = std::vector<std::int64_t>(100'000, id), .values = std::vector<double>(100'000, 0.5)}};
      page.trials.push_back(std::move(trial));
    }
    return page;
  };
  v1::ReadCoursesRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  v1::ReadCoursesReply reply;
  ASSERT_EQ(said(sweeps_->ReadCourses(Call(), request, &reply)), "OK");
  EXPECT_LT(reply.ByteSizeLong(), job::kMaxPageBytes);
  ASSERT_GT(reply.trials_size(), 0);
  ASSERT_LT(reply.trials_size(), 10);
  EXPECT_EQ(reply.next_after_trial_id(), reply.trials_size());
}

}  // namespace
}  // namespace oodml::coordinator::rpc
