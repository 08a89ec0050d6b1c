#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sharing.grpc.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::cli {

/// The part of the fake coordinator that knows who calls, and changes priorities and limits.
class FakeSharingService final : public v1::SharingService::Service {
 public:
  using Context = grpc::ServerContext;

  v1::WhoAmIReply who_reply;
  v1::ChangeReply change_reply;
  std::vector<v1::SetPriorityRequest> priorities;
  std::vector<v1::SetLimitsRequest> limits;
  /// Ends every call with this when it is not ok.
  oodml::Status failing;

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
};

}  // namespace oodml::cli
