// Lists of sweeps, trials and events over the wire, in pages that fit a reply.

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

TEST_F(SweepRpcTest, ListGoesThereAndBackAndHasBounds) {
  std::vector<std::tuple<std::int64_t, std::int64_t, std::string>> asked;
  fake_sweeps().on_list = [&](const SweepSelection& wanted) -> Result<SweepPage> {
    asked.emplace_back(wanted.limit, wanted.before, wanted.owner);
    SweepView finished = some_sweep();
    finished.finished = from_millis(5000);
    return SweepPage{{some_sweep(), finished}, 3};
  };
  v1::ListRequest request;
  v1::ListReply reply;
  ASSERT_EQ(said(sweeps_->List(Call(), request, &reply)), "OK");
  request.set_limit(1'000'000);
  request.set_before_sweep_id(3);
  request.set_owner("alice");
  ASSERT_EQ(said(sweeps_->List(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked,
            (std::vector<std::tuple<std::int64_t, std::int64_t, std::string>>{{0, 0, ""}, {1'000'000, 3, "alice"}}))
      << "what a page holds the service knows";
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
  fake_sweeps().on_get = [](const TrialSelection& wanted) -> Result<SweepDetail> {
    EXPECT_EQ(wanted.sweep.name, "smoke");
    EXPECT_EQ(wanted.states, std::vector{job::TrialState::kBackoff});
    EXPECT_EQ(wanted.limit, 0);
    EXPECT_EQ(wanted.after_trial, 6);
    EXPECT_EQ(wanted.where, std::vector<std::string>{"seed=0..2"});
    return SweepDetail{some_sweep(), {some_trial(7)}, 7, "version: 1\n", {{"seed", {{"0", 28}}}}};
  };
  v1::GetRequest request;
  request.mutable_sweep()->set_name("smoke");
  request.add_states("backoff");
  request.set_after_trial_id(6);
  request.add_where("seed=0..2");
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
  fake_sweeps().on_get = [](const TrialSelection& wanted) -> Result<SweepDetail> {
    const std::int64_t limit = wanted.limit, after = wanted.after_trial;
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

}  // namespace
}  // namespace oodml::coordinator::rpc
