#include "coordinator/rpc/sweep_rpc.h"

#include <algorithm>
#include <utility>

#include "coordinator/rpc/sweep_messages.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/results.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/sweep_text.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/service/worker_view.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::within;

constexpr std::size_t kMaxWatches = 1000;
constexpr std::size_t kMaxEventsBehind = 8192;

/// The reactor of a stream that ends as it begins.
class RefusedStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
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
    : sweeps_(sweeps),
      calls_("SweepService",
             {.usual = Role::kViewer,
              .of_method = {{"Submit", Role::kSubmitter},
                            {"Cancel", Role::kSubmitter},
                            {"Pause", Role::kSubmitter},
                            {"Resume", Role::kSubmitter},
                            {"Retry", Role::kSubmitter}}},
             gate, queue),
      watches_(kMaxWatches) {}

SweepRpc::Reactor* SweepRpc::Plan(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::PlanRequest, v1::PlanReply>(
      {*context, *request, *reply}, "Plan", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const SweepText text, within("sweep", from_proto(request.sweep())));
        OODML_ASSIGN_OR_RETURN(const job::DataStamps on_disk, convert::stamps("on_disk", request.on_disk()));
        OODML_ASSIGN_OR_RETURN(const PlanView plan, sweeps_.plan(text, on_disk));
        reply = to_proto(plan, request.with_trials());
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::Submit(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued_later<v1::SubmitRequest, v1::SubmitReply>(
      {*context, *request, *reply}, "Submit", [this](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const SweepText text, within("sweep", from_proto(request.sweep())));
        OODML_ASSIGN_OR_RETURN(const std::string id, convert::request_id("request_id", request.request_id()));
        OODML_ASSIGN_OR_RETURN(SubmitOptions options, options_of(request));
        const Person by = person_of(answer->caller());
        options.owner = by.name;
        options.is_operator = by.is_operator;
        options.may_bring_scripts = by.may_bring_scripts;
        sweeps_.submit(text, id, options, reply_to<SubmitView>(std::move(answer), [&reply](const auto& submitted) {
                         reply = to_proto(submitted);
                       }));
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::List(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ListRequest, v1::ListReply>(
      {*context, *request, *reply}, "List", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const SweepSelection wanted, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const SweepPage page, sweeps_.list(wanted));
        reply = to_proto(page);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::Get(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::GetRequest, v1::GetReply>(
      {*context, *request, *reply}, "Get", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const TrialSelection wanted, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const SweepDetail sweep, sweeps_.get(wanted));
        reply = to_proto(sweep);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::GetTrial(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::GetTrialRequest, v1::GetTrialReply>(
      {*context, *request, *reply}, "GetTrial", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::int64_t trial, at_least("trial_id", request.trial_id(), 1));
        OODML_ASSIGN_OR_RETURN(const std::int64_t after, at_least("events_after", request.events_after(), 0));
        OODML_ASSIGN_OR_RETURN(const std::int64_t most, at_least("max_events", request.max_events(), 0));
        OODML_ASSIGN_OR_RETURN(const TrialDetail detail, sweeps_.get_trial(TrialId{trial}, after, most));
        reply = to_proto(detail);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::change(const RawCall& call, const std::string& method, SweepChange change) {
  return calls_.later<v1::ChangeRequest, v1::ChangeReply>(
      call, method, [this, change](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(ChangeSelection wanted, from_proto(request));
        wanted.by = person_of(answer->caller());
        const bool softly = change == SweepChange::kPause && request.after_running();
        sweeps_.change(softly ? SweepChange::kPauseAfterRunning : change, wanted,
                       reply_to<ChangeView>(std::move(answer), [&reply](const auto& view) { reply = to_proto(view); }));
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::Cancel(Context* context, const Bytes* request, Bytes* reply) {
  return change({*context, *request, *reply}, "Cancel", SweepChange::kCancel);
}

SweepRpc::Reactor* SweepRpc::Pause(Context* context, const Bytes* request, Bytes* reply) {
  return change({*context, *request, *reply}, "Pause", SweepChange::kPause);
}

SweepRpc::Reactor* SweepRpc::Resume(Context* context, const Bytes* request, Bytes* reply) {
  return change({*context, *request, *reply}, "Resume", SweepChange::kResume);
}

SweepRpc::Reactor* SweepRpc::Retry(Context* context, const Bytes* request, Bytes* reply) {
  return change({*context, *request, *reply}, "Retry", SweepChange::kRetry);
}

SweepRpc::Reactor* SweepRpc::QueryResults(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::QueryResultsRequest, v1::QueryResultsReply>(
      {*context, *request, *reply}, "QueryResults", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const ResultsQuery query, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const ResultsTable table, sweeps_.results(query));
        reply = to_proto(table);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::ReadMetrics(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ReadMetricsRequest, v1::ReadMetricsReply>(
      {*context, *request, *reply}, "ReadMetrics", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const MetricSelection wanted, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const MetricPage page, sweeps_.metrics(wanted));
        reply = to_proto(page);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::ReadCourses(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ReadCoursesRequest, v1::ReadCoursesReply>(
      {*context, *request, *reply}, "ReadCourses", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const CourseQuery query, from_proto(request));
        OODML_ASSIGN_OR_RETURN(const CoursePage page, sweeps_.courses(query));
        reply = to_proto(page);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::ListWorkers(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ListWorkersRequest, v1::ListWorkersReply>(
      {*context, *request, *reply}, "ListWorkers", [this](const auto&, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::vector<WorkerView> workers, sweeps_.workers());
        reply = to_proto(workers);
        return Status();
      });
}

SweepRpc::Reactor* SweepRpc::GetVersion(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.at_once<v1::GetVersionRequest, v1::GetVersionReply>(
      {*context, *request, *reply}, "GetVersion", [this](const auto&, auto& reply) -> Status {
        reply.set_version(OODML_VERSION);
        reply.set_schema_version(sweeps_.schema_version());
        reply.set_database_file(sweeps_.database_file());
        return Status();
      });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* SweepRpc::WatchEvents(Context* context, const Bytes* bytes) {
  const Result<Admission> admission = calls_.admit(*context, "WatchEvents");
  if (!admission.has_value())
    return new RefusedStream(ending(*context, "SweepService", context->peer(), admission.error()));

  const auto watch = std::make_shared<Watch>(*admission, *context, kMaxEventsBehind);
  auto* const stream = new WatchStream(watch, watches_);
  v1::WatchEventsRequest request;
  const Status read = read_message(*admission, *bytes, request);
  const Result<WatchSelection> wanted = read.ok() ? selection_of(request) : Result<WatchSelection>(failure(read));
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
