#pragma once

#include "coordinator/leases.h"
#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/long_poll.h"
#include "coordinator/rpc/open_calls.h"
#include "oodml/v1/workers.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// WorkerService: every method converts, asks Leases, converts. Callers need the role worker.
class WorkerRpc final : public v1::WorkerService::CallbackService {
 public:
  WorkerRpc(Leases& leases, const Gate& gate, WorkQueue& queue);
  /// Answers the waiting Acquires with UNAVAILABLE; new ones are refused.
  void stop() { polls_.stop(); }
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* Register(Context* context, const v1::RegisterRequest* request, v1::RegisterReply* reply) override;
  Reactor* Acquire(Context* context, const v1::AcquireRequest* request, v1::AcquireReply* reply) override;
  Reactor* Heartbeat(Context* context, const v1::HeartbeatRequest* request, v1::HeartbeatReply* reply) override;
  Reactor* PushEvents(Context* context, const v1::PushEventsRequest* request, v1::PushEventsReply* reply) override;
  Reactor* CommitCheckpoint(Context* context, const v1::CommitCheckpointRequest* request,
                            v1::CommitCheckpointReply* reply) override;
  Reactor* Finish(Context* context, const v1::FinishRequest* request, v1::FinishReply* reply) override;

  Leases& leases_;
  Calls calls_;
  OpenCalls<Wait> polls_;
};

}  // namespace oodml::coordinator::rpc
