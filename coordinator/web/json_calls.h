#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::web {

/// Carries a JSON call to the coordinator's gRPC server: the same gate, roles, limits and queues as for everybody.
class JsonCalls {
 public:
  explicit JsonCalls(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  /// Calls a unary method of SweepService, SharingService, ArtifactService or UpkeepService with a request in
  /// protobuf's JSON mapping, and waits for its reply in the same. kNotFound: there is no such method here;
  /// kInvalidArgument: the text is no such request; else what the method says, and kDeadlineExceeded after a minute.
  Result<std::string> call(const std::string& service, const std::string& method, const std::string& json,
                           const std::string& token);

 private:
  grpc::GenericStub stub_;
};

}  // namespace oodml::coordinator::web
