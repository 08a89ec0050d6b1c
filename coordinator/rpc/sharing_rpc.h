#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/service/sharing.h"
#include "coordinator/service/sweeps.h"
#include "oodml/v1/sharing.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// SharingService as bytes: a caller without a token has nothing read.
using RawSharingService = v1::SharingService::WithRawCallbackMethod_WhoAmI<
    v1::SharingService::WithRawCallbackMethod_SetPriority<v1::SharingService::WithRawCallbackMethod_SetLimits<
        v1::SharingService::WithRawCallbackMethod_ExplainOrder<v1::SharingService::WithRawCallbackMethod_ListShares<
            v1::SharingService::WithRawCallbackMethod_SetShare<v1::SharingService::WithRawCallbackMethod_MarkWorker<
                v1::SharingService::WithRawCallbackMethod_ListBacklog<v1::SharingService::Service>>>>>>>>;

/// SharingService: every method converts, asks Sharing (of one sweep's order and limits: Sweeps), converts.
class SharingRpc final : public RawSharingService {
 public:
  SharingRpc(Sharing& sharing, Sweeps& sweeps, const Gate& gate, WorkQueue& queue);
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* WhoAmI(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* SetPriority(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* SetLimits(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ExplainOrder(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ListShares(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* SetShare(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* MarkWorker(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ListBacklog(Context* context, const Bytes* request, Bytes* reply) override;

  template <typename Request>
  Reactor* change_settings(const RawCall& call, const std::string& method);

  Sharing& sharing_;
  Sweeps& sweeps_;
  Calls calls_;
};

}  // namespace oodml::coordinator::rpc
