// Plans and submissions over the wire.

#include <optional>

#include "core/job/limits.h"
#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

TEST_F(SweepRpcTest, PlanGoesThereAndBack) {
  std::optional<SweepText> asked;
  fake_sweeps().on_plan = [&](const SweepText& text, const job::DataStamps& on_disk) -> Result<PlanView> {
    asked = text;
    EXPECT_EQ(on_disk, (job::DataStamps{{"images of birds", "3f2a"}}));
    PlannedTrialView planned;
    planned.trial = {.spec = {Params{{"epochs", std::int64_t{3}}}}, .fingerprint = "f1", .labels = {{"seed", "0"}}};
    planned.existing = job::TrialState::kSucceeded;
    return PlanView{.name = "smoke",
                    .trials = 2,
                    .new_trials = 1,
                    .axes = {{"seed", {{"0", 1}, {"1", 1}}}},
                    .planned = {planned},
                    .notes = {"a note"},
                    .refusal = "not so"};
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

}  // namespace
}  // namespace oodml::coordinator::rpc
