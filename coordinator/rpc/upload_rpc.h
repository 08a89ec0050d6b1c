#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/service/artifacts.h"
#include "oodml/v1/artifacts.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// UploadService as bytes: a caller without a token has nothing read.
using RawUploadService =
    v1::UploadService::WithRawCallbackMethod_OfferContent<v1::UploadService::WithRawCallbackMethod_PutChunk<
        v1::UploadService::WithRawCallbackMethod_PublishFiles<v1::UploadService::WithRawCallbackMethod_AppendOutput<
            v1::UploadService::WithRawCallbackMethod_TakeChunk<v1::UploadService::Service>>>>>;

/// UploadService: every method converts, asks Uploads, converts, on the queue of transfers: neither gRPC's threads nor
/// those of other calls wait for the disk. Callers need the role worker; the lease's random id stands for the worker.
class UploadRpc final : public RawUploadService {
 public:
  UploadRpc(Uploads& uploads, const Gate& gate, WorkQueue& transfers)
      : uploads_(uploads), calls_("UploadService", {.usual = Role::kWorker}, gate, transfers) {}
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* OfferContent(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* PutChunk(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* PublishFiles(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* AppendOutput(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* TakeChunk(Context* context, const Bytes* request, Bytes* reply) override;

  Uploads& uploads_;
  Calls calls_;
};

}  // namespace oodml::coordinator::rpc
