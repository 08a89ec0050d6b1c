#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/long_poll.h"
#include "coordinator/rpc/next_trial.h"
#include "coordinator/rpc/open_calls.h"
#include "coordinator/service/artifacts.h"
#include "coordinator/service/leases.h"
#include "coordinator/service/token_owners.h"
#include "oodml/v1/workers.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// WorkerService as bytes: a caller without a token has nothing read.
using RawWorkerService = v1::WorkerService::WithRawCallbackMethod_Register<
    v1::WorkerService::WithRawCallbackMethod_Acquire<v1::WorkerService::WithRawCallbackMethod_Heartbeat<
        v1::WorkerService::WithRawCallbackMethod_Leave<v1::WorkerService::WithRawCallbackMethod_PushEvents<
            v1::WorkerService::WithRawCallbackMethod_CommitCheckpoint<
                v1::WorkerService::WithRawCallbackMethod_Finish<v1::WorkerService::Service>>>>>>>;

/// WorkerService: every method converts, asks Leases, converts. Callers need the role worker, and speak for a worker
/// with its token only (coordinator/token_owners.h). Checkpoints and ends carry no worker: the lease's random id stands
/// for it.
class WorkerRpc final : public RawWorkerService {
 public:
  WorkerRpc(Leases& leases, Uploads& uploads, TokenOwners& owners, const Gate& gate, WorkQueue& queue);
  /// Answers the waiting Acquires with UNAVAILABLE; new ones are refused.
  void stop() { polls_.stop(); }
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* Register(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Acquire(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Heartbeat(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Leave(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* PushEvents(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* CommitCheckpoint(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Finish(Context* context, const Bytes* request, Bytes* reply) override;

  Result<std::shared_ptr<NextTrial>> next_trial(const Answer& answer, const v1::NextTrial& next) const;
  Result<WorkerId> worker_of(const Answer& answer, const std::string& id) const;

  Leases& leases_;
  Uploads& uploads_;
  TokenOwners& owners_;
  Calls calls_;
  OpenCalls<Wait> polls_;
};

}  // namespace oodml::coordinator::rpc
