#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/open_calls.h"
#include "coordinator/rpc/watch_stream.h"
#include "coordinator/service/sweeps.h"
#include "oodml/v1/sweeps.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// SweepService as bytes: a caller without a token has nothing read.
using RawSweepService = v1::SweepService::WithRawCallbackMethod_Plan<v1::SweepService::WithRawCallbackMethod_Submit<
    v1::SweepService::WithRawCallbackMethod_List<v1::SweepService::WithRawCallbackMethod_Get<
        v1::SweepService::WithRawCallbackMethod_GetTrial<v1::SweepService::WithRawCallbackMethod_Cancel<
            v1::SweepService::WithRawCallbackMethod_Pause<v1::SweepService::WithRawCallbackMethod_Resume<
                v1::SweepService::WithRawCallbackMethod_Retry<v1::SweepService::WithRawCallbackMethod_QueryResults<
                    v1::SweepService::WithRawCallbackMethod_ReadMetrics<
                        v1::SweepService::WithRawCallbackMethod_ReadCourses<
                            v1::SweepService::WithRawCallbackMethod_WatchEvents<
                                v1::SweepService::WithRawCallbackMethod_ListWorkers<
                                    v1::SweepService::WithRawCallbackMethod_GetVersion<
                                        v1::SweepService::Service>>>>>>>>>>>>>>>;

/// SweepService: every method converts, asks Sweeps, converts. Viewers may see everything; who submits or changes needs
/// the role submitter, and Sweeps says of which sweeps.
class SweepRpc final : public RawSweepService {
 public:
  SweepRpc(Sweeps& sweeps, const Gate& gate, WorkQueue& queue);
  /// Ends the open streams; new ones are refused.
  void stop() { watches_.stop(); }
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Bytes = grpc::ByteBuffer;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* Plan(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Submit(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* List(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Get(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* GetTrial(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Cancel(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Pause(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Resume(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* Retry(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* QueryResults(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ReadMetrics(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ReadCourses(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* ListWorkers(Context* context, const Bytes* request, Bytes* reply) override;
  Reactor* GetVersion(Context* context, const Bytes* request, Bytes* reply) override;
  grpc::ServerWriteReactor<Bytes>* WatchEvents(Context* context, const Bytes* request) override;

  Reactor* change(const RawCall& call, const std::string& method, SweepChange change);
  void subscribe(const std::shared_ptr<Watch>& watch, const SweepRef& sweep, TrialId trial);

  Sweeps& sweeps_;
  Calls calls_;
  OpenCalls<Watch> watches_;
};

}  // namespace oodml::coordinator::rpc
