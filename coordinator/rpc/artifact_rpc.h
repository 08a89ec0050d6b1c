#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/long_poll.h"
#include "coordinator/rpc/open_calls.h"
#include "coordinator/service/artifacts.h"
#include "coordinator/service/scripts.h"
#include "oodml/v1/artifacts.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// ArtifactService as bytes: a caller without a token has nothing read.
using RawArtifactService = v1::ArtifactService::WithRawCallbackMethod_ListArtifacts<
    v1::ArtifactService::WithRawCallbackMethod_ReadArtifact<v1::ArtifactService::WithRawCallbackMethod_ReadContent<
        v1::ArtifactService::WithRawCallbackMethod_ReadOutput<v1::ArtifactService::WithRawCallbackMethod_OfferScript<
            v1::ArtifactService::WithRawCallbackMethod_PutScript<v1::ArtifactService::Service>>>>>>;

/// ArtifactService: every method converts, asks Artifacts, converts; bytes of files on the queue of transfers. Callers
/// need the role viewer, for contents without a name operator, and to bring code submitter and the right to.
class ArtifactRpc final : public RawArtifactService {
 public:
  ArtifactRpc(Artifacts& artifacts, ScriptFiles& scripts, const Gate& gate, WorkQueue& queue, WorkQueue& transfers);
  /// Answers the waiting ReadOutputs; new ones are refused.
  void stop() { polls_.stop(); }
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience);

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ListArtifacts(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ReadArtifact(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ReadContent(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ReadOutput(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* OfferScript(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* PutScript(Context* context, const Bytes* request, Bytes* reply) override;

  Artifacts& artifacts_;
  ScriptFiles& scripts_;
  Calls calls_, transfers_;
  OpenCalls<Wait> polls_;
};

}  // namespace oodml::coordinator::rpc
