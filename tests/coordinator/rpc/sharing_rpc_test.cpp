#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

using SharingRpcTest = RpcTest;

TEST_F(SharingRpcTest, TheOrderComesWithItsReasons) {
  fake_sharing().on_explain_order = [](TrialId trial) -> Result<OrderView> {
    EXPECT_EQ(trial.value, 17);
    return OrderView{
        .trials_ahead = 5,
        .ahead = {{.owner = "bob", .sweep = {3}, .sweep_name = "smoke", .trials = 5, .why = "less"}},
        .notes = {"held"},
        .shares = {{.owner = "bob", .weight = 2, .max_parallel = 4, .running = 1, .waiting = 9, .used = 60}}};
  };
  v1::ExplainOrderRequest request;
  request.set_trial_id(17);
  v1::ExplainOrderReply reply;
  ASSERT_EQ(said(sharing_->ExplainOrder(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.trials_ahead(), 5);
  EXPECT_EQ(reply.ahead(0).sweep_name(), "smoke");
  EXPECT_EQ(reply.ahead(0).why(), "less");
  EXPECT_EQ(reply.notes(0), "held");
  EXPECT_EQ(reply.shares(0).waiting(), 9);
  EXPECT_EQ(reply.shares(0).used(), 60);
  request.set_trial_id(0);
  EXPECT_EQ(sharing_->ExplainOrder(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SharingRpcTest, AShareIsOfAnOwnerOrOfALabel) {
  std::vector<ShareChange> changes;
  fake_sharing().on_set_share = [&](const ShareChange& change, const std::string& id) -> Result<SharesView> {
    EXPECT_EQ(id, "r");
    changes.push_back(change);
    return SharesView{.shares = {},
                      .labels = {{.axis = "criterion", .label = "margin", .max_parallel = 4, .running = 2}}};
  };
  v1::SetShareRequest request;
  v1::ListSharesReply reply;
  request.set_request_id("r");
  EXPECT_EQ(said(sharing_->SetShare(Call(), request, &reply)), "3 owner: an owner, or an axis and a label, wanted");
  request.set_owner("alice");
  request.set_weight(2);
  ASSERT_EQ(said(sharing_->SetShare(Call(), request, &reply)), "OK");
  EXPECT_EQ(changes.at(0).owner, "alice");
  EXPECT_EQ(changes.at(0).weight, 2);
  EXPECT_FALSE(changes.at(0).max_parallel);
  EXPECT_EQ(reply.labels(0).running(), 2);
  request.set_axis("criterion");
  EXPECT_FALSE(sharing_->SetShare(Call(), request, &reply).ok());
  request.clear_owner();
  request.clear_weight();
  request.set_label("margin");
  request.set_max_parallel(-1);
  EXPECT_EQ(sharing_->SetShare(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request.set_max_parallel(4);
  ASSERT_EQ(said(sharing_->SetShare(Call(), request, &reply)), "OK");
  EXPECT_EQ(changes.at(1).axis + "=" + changes.at(1).label, "criterion=margin");
  EXPECT_EQ(changes.at(1).max_parallel, 4);
}

TEST_F(SharingRpcTest, AWorkerIsMarkedByWhoCalls) {
  std::vector<MarkChange> changes;
  fake_sharing().on_mark_worker = [&](const MarkChange& change, const std::string&) -> Result<MarkView> {
    changes.push_back(change);
    return MarkView{.workers = 2, .trials_stopped = 3};
  };
  v1::MarkWorkerRequest request;
  v1::MarkWorkerReply reply;
  request.set_worker("gpu-1");
  request.set_mark(v1::WORKER_MARK_DRAINED);
  request.set_reason("new fans");
  request.set_request_id("r");
  ASSERT_EQ(said(sharing_->MarkWorker(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.workers(), 2);
  EXPECT_EQ(reply.trials_stopped(), 3);
  EXPECT_EQ(changes.at(0).mark, WorkerMark::kDrained);
  EXPECT_EQ(changes.at(0).reason, "new fans");
  EXPECT_EQ(changes.at(0).said_by, "") << "nobody is asked for tokens";
  request.set_mark(static_cast<v1::WorkerMark>(9));
  EXPECT_EQ(said(sharing_->MarkWorker(Call(), request, &reply)), "3 mark: 9; 0 (none), 1 (cordoned) or 2 (drained)");
  request.set_worker("");
  EXPECT_EQ(sharing_->MarkWorker(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(SharingRpcTest, WorkersShowTheirMarks) {
  fake_sweeps().on_workers = [] {
    WorkerView worker;
    worker.info.id = {"gpu-1"};
    worker.mark = "cordoned";
    worker.mark_reason = "by olga: new fans";
    return std::vector<WorkerView>{worker};
  };
  v1::ListWorkersReply reply;
  ASSERT_EQ(said(sweeps_->ListWorkers(Call(), {}, &reply)), "OK");
  EXPECT_EQ(reply.workers(0).mark(), "cordoned");
  EXPECT_EQ(reply.workers(0).mark_reason(), "by olga: new fans");
}

TEST_F(SharingRpcTest, TheBacklogTellsNeedsAndAtMostAThousandOfThem) {
  fake_sharing().on_backlog = [] {
    std::vector<WaitingView> waiting(1003);
    waiting[0] = {.need = {.benchmark = "birds", .split = "3", .gpu_memory_mib = 24'000}, .trials = 7, .held = 2};
    return waiting;
  };
  v1::ListBacklogReply reply;
  ASSERT_EQ(said(sharing_->ListBacklog(Call(), {}, &reply)), "OK");
  ASSERT_EQ(reply.waiting_size(), 1000);
  EXPECT_EQ(reply.left_out(), 3);
  EXPECT_EQ(reply.waiting(0).benchmark(), "birds");
  EXPECT_EQ(reply.waiting(0).split(), "3");
  EXPECT_EQ(reply.waiting(0).gpu_memory_mib(), 24'000);
  EXPECT_EQ(reply.waiting(0).replicas(), 1);
  EXPECT_EQ(reply.waiting(0).trials(), 7);
  EXPECT_EQ(reply.waiting(0).held(), 2);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
