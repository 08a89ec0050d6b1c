#pragma once

#include <memory>

#include "coordinator/cli/client.h"
#include "core/base/result.h"
#include "oodml/v1/artifacts.grpc.pb.h"

namespace oodml::cli {

/// ArtifactService for the commands, with the deadlines and repeats of `client`, which has to outlive it.
class ArtifactClient {
 public:
  explicit ArtifactClient(Client& client) : client_(client), stub_(v1::ArtifactService::NewStub(client.channel())) {}

  /// All pages of a sweep's or a trial's files.
  Result<v1::ListArtifactsReply> list(v1::ListArtifactsRequest request);
  Result<v1::ReadArtifactReply> read(const v1::ReadArtifactRequest& request);
  /// Of any content that is there; for operators.
  Result<v1::ReadArtifactReply> read_content(const v1::ReadContentRequest& request);
  Result<v1::ReadOutputReply> output(const v1::ReadOutputRequest& request);

 private:
  Client& client_;
  const std::unique_ptr<v1::ArtifactService::Stub> stub_;
};

}  // namespace oodml::cli
