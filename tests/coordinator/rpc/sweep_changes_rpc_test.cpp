// Changes, workers and the version over the wire.

#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

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
