#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/service/upkeep.h"
#include "oodml/v1/upkeep.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// UpkeepService as bytes: a caller without a token has nothing read.
using RawUpkeepService =
    v1::UpkeepService::WithRawCallbackMethod_ReadSnapshot<v1::UpkeepService::WithRawCallbackMethod_GetStats<
        v1::UpkeepService::WithRawCallbackMethod_Archive<v1::UpkeepService::WithRawCallbackMethod_Unarchive<
            v1::UpkeepService::WithRawCallbackMethod_Delete<v1::UpkeepService::Service>>>>>;

/// UpkeepService: every method converts, asks Upkeep, converts. A copy of the database holds what is everybody's and
/// digests of tokens: it is for operators. Sweeps are put away by their owner or an operator.
class UpkeepRpc final : public RawUpkeepService {
 public:
  UpkeepRpc(Upkeep& upkeep, const Gate& gate, WorkQueue& queue);
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ReadSnapshot(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* GetStats(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Archive(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Unarchive(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Delete(Context* context, const Bytes* request, Bytes* reply) override;

  Reactor* remove(const RawCall& call, const std::string& method, Removal kind);

  Upkeep& upkeep_;
  Calls calls_;
};

}  // namespace oodml::coordinator::rpc
