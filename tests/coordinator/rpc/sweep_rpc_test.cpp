#include <cmath>
#include <limits>
#include <optional>

#include "coordinator/rpc/sweep_messages.h"
#include "core/job/limits.h"
#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

class SweepRpcTest : public RpcTest {};

SweepView some_sweep() {
  return {.id = SweepId{4},
          .name = "smoke",
          .state = "running",
          .created = from_millis(1000),
          .finished = std::nullopt,
          .trials = 28,
          .counts = {1, 2, 3, 4, 5, 6, 7},
          .priority = 9};
}

TrialView some_trial(std::int64_t id) {
  return {.id = TrialId{id},
          .fingerprint = std::string(64, 'f'),
          .labels = {{"criterion", "r_margin"}, {"seed", "0"}},
          .state = job::TrialState::kBackoff,
          .attempt = 2,
          .worker = "gpu-1",
          .slot = "cuda:0",
          .started = from_millis(10),
          .finished = std::nullopt,
          .not_before = from_millis(30),
          .outcome = "infrastructure",
          .message = "disk caf\xe9",
          .waiting_for = "backoff",
          .progress = job::Progress{.epoch = 3},
          .newest_recall = job::Metric{3, "test", "embeds", "e_recall@1", 0.5},
          .failed_on = {{.worker = "gpu-3", .times = 2, .newest = from_millis(40), .message = "no caf\xe9"}}};
}

v1::SweepText sweep_text() {
  v1::SweepText text;
  text.set_yaml("version: 1\n");
  text.set_file_name("smoke.yaml");
  v1::Setting& setting = *text.add_overrides();
  setting.set_key("epochs");
  setting.set_value("3");
  return text;
}

TEST_F(SweepRpcTest, PlanGoesThereAndBack) {
  std::optional<SweepText> asked;
  fake_sweeps().on_plan = [&](const SweepText& text, const job::DataStamps& on_disk) -> Result<PlanView> {
    asked = text;
    EXPECT_EQ(on_disk, (job::DataStamps{{"images of birds", "3f2a"}}));
    PlannedTrialView planned;
    planned.trial = {.spec = {Params{{"epochs", std::int64_t{3}}}}, .fingerprint = "f1", .labels = {{"seed", "0"}}};
    planned.existing = job::TrialState::kSucceeded;
    return PlanView{"smoke", 2, 1, {{"seed", {{"0", 1}, {"1", 1}}}}, {planned}, {"a note"}, "not so"};
  };
  v1::PlanRequest request;
  *request.mutable_sweep() = sweep_text();
  request.set_with_trials(true);
  request.add_on_disk()->set_what("images of birds");
  request.mutable_on_disk(0)->set_hash("3f2a");
  v1::PlanReply reply;
  Call call;
  ASSERT_EQ(said(sweeps_->Plan(&call.context, request, &reply)), "OK");

  EXPECT_EQ(asked->yaml, "version: 1\n");
  EXPECT_EQ(asked->file_name, "smoke.yaml");
  EXPECT_EQ(asked->overrides, (std::vector<std::pair<std::string, std::string>>{{"epochs", "3"}}));
  EXPECT_EQ(reply.name(), "smoke");
  EXPECT_EQ(reply.trials(), 2);
  EXPECT_EQ(reply.new_trials(), 1);
  ASSERT_EQ(reply.axes_size(), 1);
  EXPECT_EQ(reply.axes(0).axis(), "seed");
  EXPECT_EQ(reply.axes(0).labels(1).label(), "1");
  EXPECT_EQ(reply.axes(0).counts(1), 1);
  ASSERT_EQ(reply.planned_size(), 1);
  EXPECT_EQ(reply.planned(0).state(), "succeeded");
  EXPECT_EQ(reply.planned(0).fingerprint(), "f1");
  EXPECT_EQ(reply.planned(0).spec().settings(0).value(), "3");
  EXPECT_EQ(reply.planned_left_out(), 0);
  EXPECT_EQ(reply.notes(0), "a note");
  EXPECT_EQ(reply.refusal(), "not so");
}

TEST_F(SweepRpcTest, APlanTooLargeForAReplyIsCutAndSaysSo) {
  fake_sweeps().on_plan = [&](const SweepText&, const job::DataStamps&) -> Result<PlanView> {
    PlanView plan{.name = "huge", .trials = 3000};
    plan.planned.resize(3000);
    for (auto& planned : plan.planned) planned.trial.spec.values.set("notes", std::string(2000, 'x'));
    return plan;
  };
  v1::PlanRequest request;
  *request.mutable_sweep() = sweep_text();
  request.set_with_trials(true);
  v1::PlanReply reply;
  Call call;
  ASSERT_EQ(said(sweeps_->Plan(&call.context, request, &reply)), "OK");
  EXPECT_LE(reply.ByteSizeLong(), job::kMaxPageBytes);
  EXPECT_GT(reply.planned_size(), 1000);
  EXPECT_EQ(reply.planned_size() + reply.planned_left_out(), 3000);
}

TEST_F(SweepRpcTest, SubmitGoesThereAndBack) {
  fake_sweeps().on_submit = [](const SweepText& text, const std::string& id,
                               const SubmitOptions& options) -> Result<SubmitView> {
    EXPECT_EQ(text.file_name, "smoke.yaml");
    EXPECT_EQ(id, "r-1");
    EXPECT_EQ(options.priority, -2);
    EXPECT_TRUE(options.rerun);
    EXPECT_TRUE(options.reuse);
    EXPECT_EQ(options.rerun_only, (std::vector<std::pair<std::string, std::string>>{{"split", "3"}}));
    EXPECT_EQ(options.on_disk, (job::DataStamps{{"images of birds", "3f2a"}}));
    return SubmitView{SweepId{4}, "smoke", 18, 12, 4, {"a note"}};
  };
  v1::SubmitRequest request;
  *request.mutable_sweep() = sweep_text();
  request.set_request_id("r-1");
  request.set_priority(-2);
  request.set_rerun(true);
  request.set_reuse(true);
  request.add_rerun_only()->set_axis("split");
  request.mutable_rerun_only(0)->set_label("3");
  request.add_on_disk()->set_what("images of birds");
  request.mutable_on_disk(0)->set_hash("3f2a");
  v1::SubmitReply reply;
  Call call;
  ASSERT_EQ(said(sweeps_->Submit(&call.context, request, &reply)), "OK");
  EXPECT_EQ(reply.sweep_id(), 4);
  EXPECT_EQ(reply.name(), "smoke");
  EXPECT_EQ(reply.trials(), 18);
  EXPECT_EQ(reply.new_trials(), 12);
  EXPECT_EQ(reply.rerun_trials(), 4);
  EXPECT_EQ(reply.notes(0), "a note");
  request.set_rerun(false);
  EXPECT_EQ(said(sweeps_->Submit(Call(), request, &reply)),
            "3 rerun_only: labels without rerun; set rerun too, or leave them out");
}

TEST_F(SweepRpcTest, ARefusedSweepArrivesWithAllItsLines) {
  const std::string lines = "smoke.yaml:2:1: unknown key 'marign'\nsmoke.yaml:3:1: epochs: -1; 1 or more wanted";
  fake_sweeps().on_submit = [&](const auto&, const auto&, const auto&) -> Result<SubmitView> {
    return invalid_argument(lines);
  };
  v1::SubmitRequest request;
  *request.mutable_sweep() = sweep_text();
  request.set_request_id("r-1");
  v1::SubmitReply reply;
  Call call;
  EXPECT_EQ(said(sweeps_->Submit(&call.context, request, &reply)), "3 " + lines);
}

TEST_F(SweepRpcTest, GarbageFieldsAreRefusedByName) {
  v1::SubmitReply submitted;
  v1::SubmitRequest submit;
  EXPECT_EQ(said(sweeps_->Submit(Call(), submit, &submitted)), "3 sweep.yaml: empty; the text of a sweep wanted");
  *submit.mutable_sweep() = sweep_text();
  EXPECT_EQ(said(sweeps_->Submit(Call(), submit, &submitted)),
            "3 request_id: empty; 1 to 64 bytes without control characters wanted");

  v1::GetRequest get;
  v1::GetReply got;
  EXPECT_EQ(said(sweeps_->Get(Call(), get, &got)), "3 sweep: neither sweep_id nor name; one of them wanted");
  get.mutable_sweep()->set_sweep_id(-4);
  EXPECT_EQ(said(sweeps_->Get(Call(), get, &got)), "3 sweep.sweep_id: -4; 0 or more wanted");
  get.mutable_sweep()->set_sweep_id(4);
  get.add_states("done");
  EXPECT_EQ(sweeps_->Get(Call(), get, &got).error_message().substr(0, 25), "states[0]: unknown 'done'");

  v1::GetTrialReply trial;
  EXPECT_EQ(said(sweeps_->GetTrial(Call(), v1::GetTrialRequest(), &trial)), "3 trial_id: 0; 1 or more wanted");

  v1::ChangeRequest change;
  v1::ChangeReply changed;
  change.add_trial_ids(0);
  EXPECT_EQ(said(sweeps_->Cancel(Call(), change, &changed)), "3 trial_ids[0]: 0; 1 or more wanted");

  v1::QueryResultsRequest query;
  v1::QueryResultsReply table;
  query.mutable_sweep()->set_name("smoke");
  query.add_metrics("");
  EXPECT_EQ(sweeps_->QueryResults(Call(), query, &table).error_message().substr(0, 17), "metrics[0]: empty");
}

TEST_F(SweepRpcTest, ARequestOfMoreThan16MiBIsRefused) {
  v1::PlanRequest request;
  request.mutable_sweep()->set_yaml(std::string(17 << 20, '#'));
  v1::PlanReply reply;
  EXPECT_EQ(sweeps_->Plan(Call(), request, &reply).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(SweepRpcTest, ListGoesThereAndBackAndHasBounds) {
  std::vector<std::pair<std::int64_t, std::int64_t>> asked;
  fake_sweeps().on_list = [&](std::int64_t limit, std::int64_t before) -> Result<SweepPage> {
    asked.emplace_back(limit, before);
    SweepView finished = some_sweep();
    finished.finished = from_millis(5000);
    return SweepPage{{some_sweep(), finished}, 3};
  };
  v1::ListRequest request;
  v1::ListReply reply;
  ASSERT_EQ(said(sweeps_->List(Call(), request, &reply)), "OK");
  request.set_limit(1'000'000);
  request.set_before_sweep_id(3);
  ASSERT_EQ(said(sweeps_->List(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked, (std::vector<std::pair<std::int64_t, std::int64_t>>{{100, 0}, {1000, 3}}));
  ASSERT_EQ(reply.sweeps_size(), 2);
  EXPECT_EQ(reply.next_before_sweep_id(), 3);
  const v1::SweepSummary& sweep = reply.sweeps(0);
  EXPECT_EQ(sweep.sweep_id(), 4);
  EXPECT_EQ(sweep.name(), "smoke");
  EXPECT_EQ(sweep.state(), "running");
  EXPECT_EQ(sweep.created_millis(), 1000);
  EXPECT_EQ(sweep.finished_millis(), 0);
  EXPECT_EQ(reply.sweeps(1).finished_millis(), 5000);
  EXPECT_EQ(sweep.trials(), 28);
  EXPECT_EQ(sweep.priority(), 9);
  EXPECT_EQ(sweep.counts().queued(), 1);
  EXPECT_EQ(sweep.counts().running(), 2);
  EXPECT_EQ(sweep.counts().backoff(), 3);
  EXPECT_EQ(sweep.counts().paused(), 4);
  EXPECT_EQ(sweep.counts().succeeded(), 5);
  EXPECT_EQ(sweep.counts().failed(), 6);
  EXPECT_EQ(sweep.counts().cancelled(), 7);
}

TEST_F(SweepRpcTest, GetGoesThereAndBack) {
  fake_sweeps().on_get = [](const SweepRef& sweep, const std::vector<job::TrialState>& states, std::int64_t limit,
                            std::int64_t after) -> Result<SweepDetail> {
    EXPECT_EQ(sweep.name, "smoke");
    EXPECT_EQ(states, std::vector{job::TrialState::kBackoff});
    EXPECT_EQ(limit, 1000);
    EXPECT_EQ(after, 6);
    return SweepDetail{some_sweep(), {some_trial(7)}, 7, "version: 1\n", {{"seed", {{"0", 28}}}}};
  };
  v1::GetRequest request;
  request.mutable_sweep()->set_name("smoke");
  request.add_states("backoff");
  request.set_after_trial_id(6);
  v1::GetReply reply;
  ASSERT_EQ(said(sweeps_->Get(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.sweep().sweep_id(), 4);
  EXPECT_EQ(reply.next_after_trial_id(), 7);
  EXPECT_EQ(reply.yaml(), "version: 1\n");
  EXPECT_EQ(reply.axes(0).counts(0), 28);
  ASSERT_EQ(reply.trials_size(), 1);
  const v1::TrialSummary& trial = reply.trials(0);
  EXPECT_EQ(trial.trial_id(), 7);
  EXPECT_EQ(trial.labels(0).axis(), "criterion");
  EXPECT_EQ(trial.labels(0).label(), "r_margin");
  EXPECT_EQ(trial.state(), "backoff");
  EXPECT_EQ(trial.attempt(), 2);
  EXPECT_EQ(trial.worker_id(), "gpu-1");
  EXPECT_EQ(trial.slot(), "cuda:0");
  EXPECT_EQ(trial.started_millis(), 10);
  EXPECT_EQ(trial.finished_millis(), 0);
  EXPECT_EQ(trial.not_before_millis(), 30);
  EXPECT_EQ(trial.outcome(), "infrastructure");
  EXPECT_EQ(trial.message(), "disk caf\xef\xbf\xbd");
  EXPECT_EQ(trial.waiting_for(), "backoff");
  EXPECT_EQ(trial.progress().epoch(), 3);
  EXPECT_EQ(trial.newest_recall().value(), 0.5);
  ASSERT_EQ(trial.failed_on_size(), 1);
  EXPECT_EQ(trial.failed_on(0).worker_id(), "gpu-3");
  EXPECT_EQ(trial.failed_on(0).times(), 2);
  EXPECT_EQ(trial.failed_on(0).newest_millis(), 40);
  EXPECT_EQ(trial.failed_on(0).message(), "no caf\xef\xbf\xbd");
}

TEST_F(SweepRpcTest, ALongListOfTrialsComesInPagesThatFitAReply) {
  static constexpr std::int64_t kTrials = 9000;
  fake_sweeps().on_get = [](const SweepRef&, const auto&, std::int64_t limit,
                            std::int64_t after) -> Result<SweepDetail> {
    SweepDetail detail{.sweep = some_sweep()};
    for (std::int64_t id = after + 1; id <= std::min(after + limit, kTrials); ++id) {
      detail.trials.push_back(some_trial(id));
      detail.trials.back().message = std::string(2000, 'm');
    }
    if (after + limit < kTrials) detail.next_after = after + limit;
    return detail;
  };
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.set_limit(10'000);
  std::int64_t seen = 0;
  int pages = 0;
  do {
    v1::GetReply reply;
    ASSERT_EQ(said(sweeps_->Get(Call(), request, &reply)), "OK");
    for (const v1::TrialSummary& trial : reply.trials()) ASSERT_EQ(trial.trial_id(), ++seen);
    request.set_after_trial_id(reply.next_after_trial_id());
    ++pages;
  } while (request.after_trial_id() != 0);
  EXPECT_EQ(seen, kTrials);
  EXPECT_GT(pages, 4);
}

TEST_F(SweepRpcTest, GetTrialGoesThereAndBack) {
  fake_sweeps().on_get_trial = [](TrialId id, std::int64_t after, std::int64_t most) -> Result<TrialDetail> {
    EXPECT_EQ(id.value, 7);
    EXPECT_EQ(after, 5);
    EXPECT_EQ(most, 100);
    TrialDetail detail{.trial = some_trial(7), .spec = {Params{{"lr", 0.1}}}};
    detail.attempts = {{1,
                        "gpu-1",
                        "cuda:0",
                        from_millis(10),
                        from_millis(20),
                        "lost",
                        "no heartbeat",
                        "cuda:1",
                        job::Identity{2, "0.1.0", "images of birds=3f2a"},
                        true,
                        {{3, "test", "embeds", "nmi", 0.5}}}};
    detail.events = {{TrialId{7}, 2, 6, from_millis(25), job::Done{3}}};
    detail.metrics = {{3, "test", "embeds", "nmi", std::nan("")}};
    detail.sweeps = {SweepId{4}, SweepId{5}};
    return detail;
  };
  v1::GetTrialRequest request;
  request.set_trial_id(7);
  request.set_events_after(5);
  request.set_max_events(100);
  v1::GetTrialReply reply;
  ASSERT_EQ(said(sweeps_->GetTrial(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.trial().trial_id(), 7);
  EXPECT_EQ(reply.spec().settings(0).value(), "0.1");
  EXPECT_EQ(reply.attempts(0).attempt(), 1);
  EXPECT_EQ(reply.attempts(0).worker_id(), "gpu-1");
  EXPECT_EQ(reply.attempts(0).started_millis(), 10);
  EXPECT_EQ(reply.attempts(0).finished_millis(), 20);
  EXPECT_EQ(reply.attempts(0).outcome(), "lost");
  EXPECT_EQ(reply.attempts(0).message(), "no heartbeat");
  EXPECT_EQ(reply.attempts(0).device(), "cuda:1");
  EXPECT_EQ(reply.attempts(0).program(), "0.1.0");
  EXPECT_EQ(reply.attempts(0).results_version(), 2);
  EXPECT_EQ(reply.attempts(0).data(0).what(), "images of birds");
  EXPECT_EQ(reply.attempts(0).data(0).hash(), "3f2a");
  EXPECT_TRUE(reply.attempts(0).is_earlier_run());
  EXPECT_EQ(reply.attempts(0).results(0).name(), "nmi");
  EXPECT_EQ(reply.events(0).done().epochs(), 3);
  EXPECT_TRUE(std::isnan(reply.metrics(0).value()));
  EXPECT_EQ(reply.sweep_ids(1), 5);
  EXPECT_EQ(reply.events_left_out(), 0);
}

TEST_F(SweepRpcTest, EventsThatDoNotFitAreCounted) {
  fake_sweeps().on_get_trial = [](TrialId, std::int64_t, std::int64_t most) -> Result<TrialDetail> {
    TrialDetail detail{.trial = some_trial(7)};
    const job::Event event{TrialId{7}, 1, 1, from_millis(1), job::Warning{std::string(8000, 'w')}};
    detail.events.assign(static_cast<std::size_t>(most), event);
    return detail;
  };
  v1::GetTrialRequest request;
  request.set_trial_id(7);
  request.set_max_events(1000);
  v1::GetTrialReply reply;
  ASSERT_EQ(said(sweeps_->GetTrial(Call(), request, &reply)), "OK");
  EXPECT_GT(reply.events_size(), 400);
  EXPECT_EQ(reply.events_size() + reply.events_left_out(), 1000);
}

TEST_F(SweepRpcTest, ChangesGoThereAndBackEachAsItself) {
  std::vector<SweepChange> seen;
  fake_sweeps().on_change = [&](SweepChange change, const SweepRef& sweep, const std::vector<TrialId>& trials,
                                const std::string& id) -> Result<ChangeView> {
    seen.push_back(change);
    EXPECT_EQ(sweep.id.value, 4);
    EXPECT_EQ(trials, (std::vector{TrialId{7}, TrialId{8}}));
    EXPECT_EQ(id, "r-2");
    return ChangeView{2, some_sweep()};
  };
  v1::ChangeRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.add_trial_ids(7);
  request.add_trial_ids(8);
  request.set_request_id("r-2");
  v1::ChangeReply reply;
  EXPECT_EQ(said(sweeps_->Cancel(Call(), request, &reply)), "OK");
  EXPECT_EQ(said(sweeps_->Pause(Call(), request, &reply)), "OK");
  EXPECT_EQ(said(sweeps_->Resume(Call(), request, &reply)), "OK");
  EXPECT_EQ(said(sweeps_->Retry(Call(), request, &reply)), "OK");
  request.set_after_running(true);
  EXPECT_EQ(said(sweeps_->Pause(Call(), request, &reply)), "OK");
  EXPECT_EQ(seen, (std::vector{SweepChange::kCancel, SweepChange::kPause, SweepChange::kResume, SweepChange::kRetry,
                               SweepChange::kPauseAfterRunning}));
  EXPECT_EQ(reply.changed(), 2);
  EXPECT_EQ(reply.sweep().name(), "smoke");
}

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
  fake_sweeps().on_metrics = [&](const SweepRef& sweep, TrialId trial,
                                 const MetricCursor& after) -> Result<MetricPage> {
    EXPECT_EQ(sweep.id.value, 4);
    EXPECT_EQ(trial.value, 0);
    EXPECT_EQ(after.trial.value, 7);
    EXPECT_EQ(after.attempt, 2);
    EXPECT_EQ(after.sequence, 30);
    const job::Metric recall{.epoch = 3, .set = "test", .embeds = "embeds", .name = "e_recall@1", .value = 0.5};
    return MetricPage{.axes = {"criterion", "seed"},
                      .points = {{.trial = {7}, .attempt = 2, .sequence = 31, .time = from_millis(99), .body = recall}},
                      .labels = {{TrialId{7}, {{"seed", "1"}}}},
                      .next = MetricCursor{{7}, 2, 31}};
  };
  v1::ReadMetricsRequest request;
  request.mutable_sweep()->set_sweep_id(4);
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
  fake_sweeps().on_metrics = [&](const SweepRef&, TrialId, const MetricCursor&) -> Result<MetricPage> {
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

TEST_F(SweepRpcTest, TheCallersSplitIdsGoAlongWithASweep) {
  fake_sweeps().on_plan = [&](const SweepText& text, const job::DataStamps&) -> Result<PlanView> {
    EXPECT_EQ(text.split_ids.size(), 1u);
    EXPECT_EQ(text.split_ids.at(0).benchmark, "birds");
    EXPECT_EQ(text.split_ids.at(0).split_file, "splits.json");
    EXPECT_EQ(text.split_ids.at(0).ids, (std::vector<std::string>{"a", "b"}));
    return PlanView{};
  };
  v1::PlanRequest request;
  request.mutable_sweep()->set_yaml("name: x");
  v1::SplitIds& split = *request.mutable_sweep()->add_split_ids();
  split.set_benchmark("birds");
  split.set_split_file("splits.json");
  split.add_ids("a");
  split.add_ids("b");
  v1::PlanReply reply;
  EXPECT_EQ(said(sweeps_->Plan(Call(), request, &reply)), "OK");
  split.add_ids("");
  EXPECT_NE(said(sweeps_->Plan(Call(), request, &reply)).find("split_ids[0].ids[2]"), std::string::npos);
}

TEST_F(SweepRpcTest, WorkersAndVersion) {
  fake_sweeps().on_workers = [] {
    job::WorkerInfo info{WorkerId{"gpu-1"}, "gpu-1.lab", "0.1.0", {{"cuda:0", "cuda:0", 8, 81'920}}, {}};
    return std::vector{WorkerView{info, "draining", true, from_millis(99), {TrialId{7}}}};
  };
  v1::ListWorkersReply reply;
  ASSERT_EQ(said(sweeps_->ListWorkers(Call(), {}, &reply)), "OK");
  ASSERT_EQ(reply.workers_size(), 1);
  EXPECT_EQ(reply.workers(0).worker().worker_id(), "gpu-1");
  EXPECT_EQ(reply.workers(0).worker().slots(0).memory_mib(), 81'920);
  EXPECT_EQ(reply.workers(0).state(), "draining");
  EXPECT_EQ(reply.workers(0).last_seen_millis(), 99);
  EXPECT_EQ(reply.workers(0).running_trials(0), 7);

  v1::GetVersionReply version;
  ASSERT_EQ(said(sweeps_->GetVersion(Call(), {}, &version)), "OK");
  EXPECT_EQ(version.version(), OODML_VERSION);
  EXPECT_EQ(version.schema_version(), 3);
}

TEST_F(SweepRpcTest, ABugInAHandlerEndsTheCallAndNotTheProcess) {
  fake_sweeps().on_list = [](auto, auto) -> Result<SweepPage> { throw std::logic_error("no such axis"); };
  v1::ListReply reply;
  EXPECT_EQ(said(sweeps_->List(Call(), {}, &reply)), "13 a bug of the coordinator: no such axis");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
