#pragma once

#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sharing.grpc.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::cli {

/// The part of the fake coordinator that shares slots and knows who calls: canned replies, and what was asked.
class FakeSharingService final : public v1::SharingService::Service {
 public:
  using Context = grpc::ServerContext;

  v1::WhoAmIReply who_reply;
  v1::ChangeReply change_reply;
  v1::ExplainOrderReply order_reply;
  v1::ListSharesReply shares_reply;
  v1::MarkWorkerReply mark_reply;
  v1::ListBacklogReply backlog_reply;
  oodml::Status failing;  ///< Of every call, when it is not ok.

  std::vector<v1::SetPriorityRequest> priorities;
  std::vector<v1::SetLimitsRequest> limits;
  std::vector<v1::ExplainOrderRequest> orders;
  std::vector<v1::SetShareRequest> share_changes;
  std::vector<v1::MarkWorkerRequest> marks;

  grpc::Status WhoAmI(Context*, const v1::WhoAmIRequest*, v1::WhoAmIReply* reply) override {
    *reply = who_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status SetPriority(Context*, const v1::SetPriorityRequest* request, v1::ChangeReply* reply) override {
    priorities.push_back(*request);
    *reply = change_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status SetLimits(Context*, const v1::SetLimitsRequest* request, v1::ChangeReply* reply) override {
    limits.push_back(*request);
    *reply = change_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status ExplainOrder(Context*, const v1::ExplainOrderRequest* request, v1::ExplainOrderReply* reply) override {
    orders.push_back(*request);
    *reply = order_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status ListShares(Context*, const v1::ListSharesRequest*, v1::ListSharesReply* reply) override {
    *reply = shares_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status SetShare(Context*, const v1::SetShareRequest* request, v1::ListSharesReply* reply) override {
    share_changes.push_back(*request);
    *reply = shares_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status MarkWorker(Context*, const v1::MarkWorkerRequest* request, v1::MarkWorkerReply* reply) override {
    marks.push_back(*request);
    *reply = mark_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status ListBacklog(Context*, const v1::ListBacklogRequest*, v1::ListBacklogReply* reply) override {
    *reply = backlog_reply;
    return convert::to_grpc(failing);
  }
};

}  // namespace oodml::cli
