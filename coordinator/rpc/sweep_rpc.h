#pragma once

#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/open_calls.h"
#include "coordinator/rpc/watch_stream.h"
#include "coordinator/sweeps.h"
#include "oodml/v1/sweeps.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// SweepService: every method converts, asks Sweeps, converts. Callers need the role submitter.
class SweepRpc final : public v1::SweepService::CallbackService {
 public:
  SweepRpc(Sweeps& sweeps, const Gate& gate, WorkQueue& queue);
  /// Ends the open streams; new ones are refused.
  void stop() { watches_.stop(); }
  /// Waits until no call runs any more, at most `patience`.
  void wait_until_answered(Duration patience) { calls_.wait_until_answered(patience); }

 private:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* Plan(Context* context, const v1::PlanRequest* request, v1::PlanReply* reply) override;
  Reactor* Submit(Context* context, const v1::SubmitRequest* request, v1::SubmitReply* reply) override;
  Reactor* List(Context* context, const v1::ListRequest* request, v1::ListReply* reply) override;
  Reactor* Get(Context* context, const v1::GetRequest* request, v1::GetReply* reply) override;
  Reactor* GetTrial(Context* context, const v1::GetTrialRequest* request, v1::GetTrialReply* reply) override;
  Reactor* Cancel(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) override;
  Reactor* Pause(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) override;
  Reactor* Resume(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) override;
  Reactor* Retry(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) override;
  Reactor* QueryResults(Context* context, const v1::QueryResultsRequest* request,
                        v1::QueryResultsReply* reply) override;
  Reactor* ReadMetrics(Context* context, const v1::ReadMetricsRequest* request, v1::ReadMetricsReply* reply) override;
  grpc::ServerWriteReactor<v1::WatchEventsReply>* WatchEvents(Context* context,
                                                              const v1::WatchEventsRequest* request) override;
  Reactor* ListWorkers(Context* context, const v1::ListWorkersRequest* request, v1::ListWorkersReply* reply) override;
  Reactor* GetVersion(Context* context, const v1::GetVersionRequest* request, v1::GetVersionReply* reply) override;

  Reactor* change(Context* context, const std::string& method, SweepChange change, const v1::ChangeRequest* request,
                  v1::ChangeReply* reply);
  void subscribe(const std::shared_ptr<Watch>& watch, const SweepRef& sweep, TrialId trial);

  Sweeps& sweeps_;
  Calls calls_;
  OpenCalls<Watch> watches_;
};

}  // namespace oodml::coordinator::rpc
