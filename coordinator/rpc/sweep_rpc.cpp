#include "coordinator/rpc/sweep_rpc.h"

#include <algorithm>
#include <utility>

#include "coordinator/rpc/sweep_messages.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::within;

constexpr std::size_t kMaxWatches = 1000;
constexpr std::size_t kMaxEventsBehind = 8192;
constexpr std::int64_t kUsualSweeps = 100, kMostSweeps = 1000;
constexpr std::int64_t kMostEvents = 100'000;

/// The reactor of a stream that ends as it begins.
class RefusedStream final : public grpc::ServerWriteReactor<v1::WatchEventsReply> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }

 private:
  void OnDone() override { delete this; }
};

struct WatchSelection {
  SweepRef sweep;
  TrialId trial;
};

Result<WatchSelection> selection_of(const v1::WatchEventsRequest& message) {
  WatchSelection selection;
  OODML_ASSIGN_OR_RETURN(selection.trial.value, at_least("trial_id", message.trial_id(), 0));
  if (selection.trial.value == 0 || message.has_sweep()) {
    OODML_ASSIGN_OR_RETURN(selection.sweep, from_proto(message.sweep()));
  }
  return selection;
}

}  // namespace

SweepRpc::SweepRpc(Sweeps& sweeps, const Gate& gate, WorkQueue& queue)
    : sweeps_(sweeps), calls_("SweepService", Role::kSubmitter, gate, queue), watches_(kMaxWatches) {}

SweepRpc::Reactor* SweepRpc::Plan(Context* context, const v1::PlanRequest* request, v1::PlanReply* reply) {
  return calls_.queued(context, "Plan", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const SweepText text, within("sweep", from_proto(request->sweep())));
    OODML_ASSIGN_OR_RETURN(const job::DataStamps on_disk, convert::stamps("on_disk", request->on_disk()));
    OODML_ASSIGN_OR_RETURN(const PlanView plan, sweeps_.plan(text, on_disk));
    *reply = to_proto(plan, request->with_trials());
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::Submit(Context* context, const v1::SubmitRequest* request, v1::SubmitReply* reply) {
  return calls_.queued_later(context, "Submit", [this, request, reply](std::shared_ptr<Answer> answer) -> Status {
    OODML_ASSIGN_OR_RETURN(const SweepText text, within("sweep", from_proto(request->sweep())));
    OODML_ASSIGN_OR_RETURN(const std::string id, convert::request_id("request_id", request->request_id()));
    OODML_ASSIGN_OR_RETURN(const SubmitOptions options, options_of(*request));
    sweeps_.submit(
        text, id, options,
        reply_to<SubmitView>(std::move(answer), [reply](const auto& submitted) { *reply = to_proto(submitted); }));
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::List(Context* context, const v1::ListRequest* request, v1::ListReply* reply) {
  return calls_.queued(context, "List", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const std::int64_t limit, at_least("limit", request->limit(), 0));
    OODML_ASSIGN_OR_RETURN(const std::int64_t before, at_least("before_sweep_id", request->before_sweep_id(), 0));
    OODML_ASSIGN_OR_RETURN(const SweepPage page,
                           sweeps_.list(limit == 0 ? kUsualSweeps : std::min(limit, kMostSweeps), before));
    *reply = to_proto(page);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::Get(Context* context, const v1::GetRequest* request, v1::GetReply* reply) {
  return calls_.queued(context, "Get", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const TrialSelection wanted, from_proto(*request));
    OODML_ASSIGN_OR_RETURN(const SweepDetail sweep,
                           sweeps_.get(wanted.sweep, wanted.states, wanted.limit, wanted.after_trial));
    *reply = to_proto(sweep);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::GetTrial(Context* context, const v1::GetTrialRequest* request, v1::GetTrialReply* reply) {
  return calls_.queued(context, "GetTrial", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const std::int64_t trial, at_least("trial_id", request->trial_id(), 1));
    OODML_ASSIGN_OR_RETURN(const std::int64_t after, at_least("events_after", request->events_after(), 0));
    OODML_ASSIGN_OR_RETURN(const std::int64_t most, at_least("max_events", request->max_events(), 0));
    OODML_ASSIGN_OR_RETURN(const TrialDetail detail,
                           sweeps_.get_trial(TrialId{trial}, after, std::min(most, kMostEvents)));
    *reply = to_proto(detail);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::change(Context* context, const std::string& method, SweepChange change,
                                    const v1::ChangeRequest* request, v1::ChangeReply* reply) {
  return calls_.later(context, method, [this, change, request, reply](std::shared_ptr<Answer> answer) -> Status {
    OODML_ASSIGN_OR_RETURN(const ChangeSelection wanted, from_proto(*request));
    sweeps_.change(change, wanted.sweep, wanted.trials, wanted.request_id,
                   reply_to<ChangeView>(std::move(answer), [reply](const auto& view) { *reply = to_proto(view); }));
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::Cancel(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) {
  return change(context, "Cancel", SweepChange::kCancel, request, reply);
}

SweepRpc::Reactor* SweepRpc::Pause(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) {
  const SweepChange pause = request->after_running() ? SweepChange::kPauseAfterRunning : SweepChange::kPause;
  return change(context, "Pause", pause, request, reply);
}

SweepRpc::Reactor* SweepRpc::Resume(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) {
  return change(context, "Resume", SweepChange::kResume, request, reply);
}

SweepRpc::Reactor* SweepRpc::Retry(Context* context, const v1::ChangeRequest* request, v1::ChangeReply* reply) {
  return change(context, "Retry", SweepChange::kRetry, request, reply);
}

SweepRpc::Reactor* SweepRpc::QueryResults(Context* context, const v1::QueryResultsRequest* request,
                                          v1::QueryResultsReply* reply) {
  return calls_.queued(context, "QueryResults", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const ResultsQuery query, from_proto(*request));
    OODML_ASSIGN_OR_RETURN(const ResultsTable table, sweeps_.results(query));
    *reply = to_proto(table);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::ReadMetrics(Context* context, const v1::ReadMetricsRequest* request,
                                         v1::ReadMetricsReply* reply) {
  return calls_.queued(context, "ReadMetrics", [this, request, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const MetricSelection wanted, from_proto(*request));
    OODML_ASSIGN_OR_RETURN(const MetricPage page, sweeps_.metrics(wanted.sweep, wanted.trial, wanted.after));
    *reply = to_proto(page);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::ListWorkers(Context* context, const v1::ListWorkersRequest*, v1::ListWorkersReply* reply) {
  return calls_.queued(context, "ListWorkers", [this, reply]() -> Status {
    OODML_ASSIGN_OR_RETURN(const std::vector<WorkerView> workers, sweeps_.workers());
    *reply = to_proto(workers);
    return Status();
  });
}

SweepRpc::Reactor* SweepRpc::GetVersion(Context* context, const v1::GetVersionRequest*, v1::GetVersionReply* reply) {
  return calls_.at_once(context, "GetVersion", [this, reply]() -> Status {
    reply->set_version(OODML_VERSION);
    reply->set_schema_version(sweeps_.schema_version());
    reply->set_database_file(sweeps_.database_file());
    return Status();
  });
}

grpc::ServerWriteReactor<v1::WatchEventsReply>* SweepRpc::WatchEvents(Context* context,
                                                                      const v1::WatchEventsRequest* request) {
  const Result<Admission> admission = calls_.admit(*context, "WatchEvents");
  if (!admission.has_value())
    return new RefusedStream(ending(*context, "SweepService", context->peer(), admission.error()));

  const auto watch = std::make_shared<Watch>(*admission, *context, kMaxEventsBehind);
  auto* const stream = new WatchStream(watch, watches_);
  const Result<WatchSelection> wanted = selection_of(*request);
  if (!wanted.has_value()) {
    watch->end(wanted.error());
  } else if (const Status added = watches_.add(watch); !added.ok()) {
    watch->end(added);
  } else if (Status posted =
                 calls_.post([this, watch, wanted = *wanted] { subscribe(watch, wanted.sweep, wanted.trial); });
             !posted.ok()) {
    watch->end(std::move(posted));
  }
  return stream;
}

void SweepRpc::subscribe(const std::shared_ptr<Watch>& watch, const SweepRef& sweep, TrialId trial) {
  auto subscription = sweeps_.watch(sweep, trial, [watch](WatchItem item) { watch->push(std::move(item)); });
  if (subscription.has_value()) {
    watch->hold(*std::move(subscription));
  } else {
    watch->end(subscription.error());
  }
}

}  // namespace oodml::coordinator::rpc
