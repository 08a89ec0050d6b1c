// Changes, workers and the version over the wire.

#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

TEST_F(SweepRpcTest, ChangesGoThereAndBackEachAsItself) {
  std::vector<SweepChange> seen;
  fake_sweeps().on_change = [&](SweepChange change, const ChangeSelection& wanted) -> Result<ChangeView> {
    seen.push_back(change);
    EXPECT_EQ(wanted.sweep.id.value, 4);
    EXPECT_EQ(wanted.trials, (std::vector{TrialId{7}, TrialId{8}}));
    EXPECT_EQ(wanted.request_id, "r-2");
    EXPECT_EQ(wanted.where, (std::vector<std::string>{"criterion=margin,split=1..3", "seed=0"}));
    EXPECT_EQ(wanted.by.name, "") << "nobody is asked for tokens here";
    EXPECT_TRUE(wanted.by.is_operator);
    return ChangeView{2, some_sweep()};
  };
  v1::ChangeRequest request;
  request.mutable_sweep()->set_sweep_id(4);
  request.add_trial_ids(7);
  request.add_trial_ids(8);
  request.set_request_id("r-2");
  request.add_where("criterion=margin,split=1..3");
  request.add_where("seed=0");
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
  fake_sweeps().on_list = [](const auto&) -> Result<SweepPage> { throw std::logic_error("no such axis"); };
  v1::ListReply reply;
  EXPECT_EQ(said(sweeps_->List(Call(), {}, &reply)), "13 a bug of the coordinator: no such axis");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
