#pragma once

#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sharing.grpc.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::cli {

/// The other service of the fake coordinator: canned replies, and what was asked.
class FakeSharingService final : public v1::SharingService::Service {
 public:
  v1::ExplainOrderReply order_reply;
  v1::ListSharesReply shares_reply;
  v1::MarkWorkerReply mark_reply;
  oodml::Status failing{StatusCode::kUnimplemented, "not in this test"};  ///< Of every call, when it is not ok.

  std::vector<v1::ExplainOrderRequest> orders;
  std::vector<v1::SetShareRequest> share_changes;
  std::vector<v1::MarkWorkerRequest> marks;

  grpc::Status ExplainOrder(grpc::ServerContext*, const v1::ExplainOrderRequest* request,
                            v1::ExplainOrderReply* reply) override {
    orders.push_back(*request);
    *reply = order_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status ListShares(grpc::ServerContext*, const v1::ListSharesRequest*, v1::ListSharesReply* reply) override {
    *reply = shares_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status SetShare(grpc::ServerContext*, const v1::SetShareRequest* request, v1::ListSharesReply* reply) override {
    share_changes.push_back(*request);
    *reply = shares_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status MarkWorker(grpc::ServerContext*, const v1::MarkWorkerRequest* request,
                          v1::MarkWorkerReply* reply) override {
    marks.push_back(*request);
    *reply = mark_reply;
    return convert::to_grpc(failing);
  }
};

}  // namespace oodml::cli
