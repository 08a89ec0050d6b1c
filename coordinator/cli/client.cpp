#include "coordinator/cli/client.h"

#include <algorithm>
#include <thread>

#include "core/job/limits.h"
#include "oodml/v1/upkeep.grpc.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The service that a stub's interface speaks for.
template <typename StubInterface>
struct ServiceOf;
template <>
struct ServiceOf<v1::SweepService::StubInterface> {
  using Type = v1::SweepService;
};
template <>
struct ServiceOf<v1::SharingService::StubInterface> {
  using Type = v1::SharingService;
};
template <>
struct ServiceOf<v1::UpkeepService::StubInterface> {
  using Type = v1::UpkeepService;
};

constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{2000};

std::string unreachable_text(const std::string& address, const std::string& detail, bool tls) {
  const std::string text = "no coordinator at " + address;
  switch (convert::obstacle_of(detail)) {
    case convert::Obstacle::kUnknownHost:
      return text + ": the host name is not known (" + detail + ")";
    case convert::Obstacle::kTls:
      return text + " that speaks TLS and is signed by the --tls-ca file (" + detail + ")";
    case convert::Obstacle::kNoTls:
      return text + " that speaks TLS (" + detail +
             "): somebody answers there without it; start oodml-coordinator with --tls-cert and --tls-key, or leave out "
             "--tls-ca (--tls-ca \"\" where environment or client.toml name one)";
    case convert::Obstacle::kHangsUp:
      return text + (tls ? " that stays on the line (" : " that talks without TLS (") + detail +
             "); if it has TLS, give --tls-ca FILE";
    case convert::Obstacle::kNobody:
      break;
  }
  return text +
         ": start one with oodml-coordinator, name another with --coordinator HOST:PORT, or run "
         "oodml local SWEEP.yaml (--state DIR reads what that did)";
}

}  // namespace

Client::Client(Connection connection, Patience patience, Authorities authorities)
    : connection_(std::move(connection)),
      patience_(patience),
      token_(connection_.token, connection_.token_file),
      warnings_(std::move(authorities.warnings)),
      channel_({.address = connection_.address,
                .tls_ca = std::move(authorities.pem),
                .tls_ca_file = connection_.tls_ca,
                .max_reply_bytes = job::kMaxClientReplyBytes}) {}

Result<std::unique_ptr<Client>> Client::open(const Connection& connection, Patience patience) {
  Authorities authorities;
  if (!connection.tls_ca.empty()) {
    Result<Authorities> read = read_authorities(connection.tls_ca, SystemClock().now());
    if (!read) return invalid_argument("--tls-ca: " + read.error().message());
    authorities = *std::move(read);
  }
  return std::unique_ptr<Client>(new Client(connection, patience, std::move(authorities)));
}

void Client::prepare(grpc::ClientContext& context) const {
  if (const std::string token = token_.get(); !token.empty()) context.AddMetadata("authorization", "Bearer " + token);
}

Status Client::explained(const grpc::Status& status) const {
  Status plain = convert::from_grpc(status);
  switch (plain.code()) {
    case StatusCode::kUnavailable:
      return {plain.code(), unreachable_text(connection_.address, plain.message(), !connection_.tls_ca.empty())};
    case StatusCode::kDeadlineExceeded:
      return {plain.code(), "the coordinator at " + connection_.address + " did not answer in time; try again"};
    case StatusCode::kUnauthenticated:
      return {plain.code(),
              plain.message() + "; give the token with --token-file FILE, in OODML_TOKEN or in client.toml"};
    case StatusCode::kUnimplemented:
      return {plain.code(), "what answers at " + connection_.address +
                                " does not know this call: an older oodml-coordinator, or another service"};
    default:
      return plain;
  }
}

Status Client::repeat(const std::function<grpc::Status(grpc::ClientContext&)>& call) {
  const auto start = steady_clock::now();
  milliseconds pause = kFirstPause;
  while (true) {
    grpc::ClientContext context;
    prepare(context);
    context.set_deadline(std::chrono::system_clock::now() + patience_.deadline);
    const grpc::Status status = call(context);
    if (status.ok()) {
      answered_ = true;
      return {};
    }
    if (!convert::could_not_connect(status))
      answered_ = true;  // a reply that got lost, too, says that somebody was there
    const auto waited = steady_clock::now() - start + pause;
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE ||
        waited > (answered_ ? patience_.known : patience_.unseen)) {
      return explained(status);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

template <typename Service, typename Request, typename Reply>
Result<Reply> Client::call(Method<Service, Request, Reply> method, const Request& request) {
  const std::unique_ptr<Service> stub = ServiceOf<Service>::Type::NewStub(channel_.get());
  Reply reply;
  OODML_RETURN_IF_ERROR(repeat([&](grpc::ClientContext& context) {
    reply.Clear();
    return ((*stub).*method)(&context, request, &reply);
  }));
  return reply;
}

using Stub = v1::SweepService::StubInterface;
using SharingStub = v1::SharingService::StubInterface;

Result<v1::PlanReply> Client::plan(const v1::PlanRequest& request) { return call(&Stub::Plan, request); }
Result<v1::SubmitReply> Client::submit(const v1::SubmitRequest& request) { return call(&Stub::Submit, request); }
Result<v1::ListReply> Client::list(const v1::ListRequest& request) { return call(&Stub::List, request); }
Result<v1::GetReply> Client::get(const v1::GetRequest& request) { return call(&Stub::Get, request); }
Result<v1::GetReply> Client::get_trials(v1::GetRequest request, std::int64_t limit) {
  v1::GetReply whole;
  do {
    request.set_limit(limit == 0 ? job::kUsualTrials : std::min(job::kUsualTrials, limit - whole.trials_size()));
    OODML_ASSIGN_OR_RETURN(v1::GetReply page, get(request));
    if (request.after_trial_id() == 0) {
      whole = std::move(page);
    } else {
      whole.mutable_trials()->MergeFrom(page.trials());
      whole.set_next_after_trial_id(page.next_after_trial_id());
    }
    request.set_after_trial_id(whole.next_after_trial_id());
  } while (whole.next_after_trial_id() != 0 && (limit == 0 || whole.trials_size() < limit));
  return whole;
}
Result<v1::GetReply> Client::get_at_once(const v1::GetRequest& request) {
  grpc::ClientContext context;
  prepare(context);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  v1::GetReply reply;
  const grpc::Status status = stub()->Get(&context, request, &reply);
  if (!status.ok()) return failure(explained(status));
  return reply;
}
Result<v1::GetTrialReply> Client::get_trial(const v1::GetTrialRequest& request) {
  return call(&Stub::GetTrial, request);
}
Result<v1::ChangeReply> Client::cancel(const v1::ChangeRequest& request) { return call(&Stub::Cancel, request); }
Result<v1::ChangeReply> Client::pause(const v1::ChangeRequest& request) { return call(&Stub::Pause, request); }
Result<v1::ChangeReply> Client::resume(const v1::ChangeRequest& request) { return call(&Stub::Resume, request); }
Result<v1::ChangeReply> Client::retry(const v1::ChangeRequest& request) { return call(&Stub::Retry, request); }
Result<v1::ChangeReply> Client::set_priority(const v1::SetPriorityRequest& request) {
  return call(&SharingStub::SetPriority, request);
}
Result<v1::ChangeReply> Client::set_limits(const v1::SetLimitsRequest& request) {
  return call(&SharingStub::SetLimits, request);
}
Result<v1::WhoAmIReply> Client::who_am_i() { return call(&SharingStub::WhoAmI, v1::WhoAmIRequest()); }
Result<v1::QueryResultsReply> Client::results(const v1::QueryResultsRequest& request) {
  return call(&Stub::QueryResults, request);
}
Result<v1::ReadMetricsReply> Client::metrics(const v1::ReadMetricsRequest& request) {
  return call(&Stub::ReadMetrics, request);
}
Result<v1::ReadCoursesReply> Client::courses(const v1::ReadCoursesRequest& request) {
  return call(&Stub::ReadCourses, request);
}
using Upkeep = v1::UpkeepService::StubInterface;

Result<v1::ReadSnapshotReply> Client::read_snapshot(const v1::ReadSnapshotRequest& request) {
  return call(&Upkeep::ReadSnapshot, request);
}
Result<v1::GetStatsReply> Client::stats() { return call(&Upkeep::GetStats, v1::GetStatsRequest()); }
Result<v1::RemoveReply> Client::archive(const v1::RemoveRequest& request) { return call(&Upkeep::Archive, request); }
Result<v1::RemoveReply> Client::unarchive(const v1::RemoveRequest& request) {
  return call(&Upkeep::Unarchive, request);
}
Result<v1::RemoveReply> Client::remove_sweep(const v1::RemoveRequest& request) {
  return call(&Upkeep::Delete, request);
}
Result<v1::ListWorkersReply> Client::workers() { return call(&Stub::ListWorkers, v1::ListWorkersRequest()); }
Result<v1::ExplainOrderReply> Client::explain_order(const v1::ExplainOrderRequest& request) {
  return call(&SharingStub::ExplainOrder, request);
}
Result<v1::ListSharesReply> Client::shares() { return call(&SharingStub::ListShares, v1::ListSharesRequest()); }
Result<v1::ListSharesReply> Client::set_share(const v1::SetShareRequest& request) {
  return call(&SharingStub::SetShare, request);
}
Result<v1::ListBacklogReply> Client::backlog() { return call(&SharingStub::ListBacklog, v1::ListBacklogRequest()); }

Result<v1::MarkWorkerReply> Client::mark_worker(const v1::MarkWorkerRequest& request) {
  return call(&SharingStub::MarkWorker, request);
}
Result<v1::GetVersionReply> Client::version() { return call(&Stub::GetVersion, v1::GetVersionRequest()); }

}  // namespace oodml::cli
