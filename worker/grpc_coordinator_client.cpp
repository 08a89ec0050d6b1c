#include "worker/grpc_coordinator_client.h"

#include <grpcpp/grpcpp.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <set>
#include <type_traits>

#include "core/connection/token_file.h"
#include "core/job/limits.h"
#include "oodml/v1/artifacts.grpc.pb.h"
#include "oodml/v1/workers.grpc.pb.h"
#include "proto/convert/channel.h"
#include "proto/convert/event_convert.h"
#include "proto/convert/fields.h"
#include "proto/convert/grpc_log.h"
#include "proto/convert/job_convert.h"
#include "proto/convert/status_convert.h"
#include "proto/convert/stored_file_convert.h"

namespace oodml::worker {
namespace {

using std::chrono::milliseconds;

constexpr Duration kDeadline = std::chrono::seconds(10);
constexpr Duration kChunkDeadline = std::chrono::seconds(20);  // a megabyte through a slow line
constexpr Duration kGoodbye = std::chrono::seconds(2);         // nothing depends on it
/// Of an Acquire that is not to wait (at_once): an older coordinator answers at 80 % of it.
constexpr Duration kShortPoll = std::chrono::seconds(1);

void say_authorities(const Status& read) {
  if (read.ok()) spdlog::info("the authorities of --tls-ca were renewed");
  if (!read.ok())
    spdlog::error("--tls-ca changed and cannot be used, the authorities of before stay: {}", read.message());
}

void say_token(const Status& read) {
  if (read.ok()) spdlog::info("the token was read again");
  if (!read.ok()) spdlog::error("the token's file changed and cannot be used, the old token stays: {}", read.message());
}

Result<ContentState> content_state(const Result<v1::ContentReply>& reply) {
  if (!reply.has_value()) return failure(reply.error());
  return ContentState{.present = reply->present(), .whole = reply->whole()};
}

/// The service that a method belongs to.
template <typename Stub>
auto stub_of(const std::shared_ptr<grpc::Channel>& channel) {
  if constexpr (std::is_same_v<Stub, v1::UploadService::Stub>) return v1::UploadService::NewStub(channel);
  if constexpr (std::is_same_v<Stub, v1::WorkerService::Stub>) return v1::WorkerService::NewStub(channel);
}

class GrpcCoordinatorClient final : public CoordinatorClient {
 public:
  GrpcCoordinatorClient(const Connection& connection, WorkerId worker)
      : worker_(std::move(worker)),
        address_(connection.address),
        token_(connection.token, connection.token_file, say_token),
        has_tls_(!connection.tls_ca.empty()),
        channel_({.address = address_,
                  .tls_ca = connection.tls_ca,
                  .tls_ca_file = connection.tls_ca_file,
                  .max_reply_bytes = job::kMaxWorkerReplyBytes,
                  .authorities_read = say_authorities}) {}

  Result<Terms> register_worker(const job::WorkerInfo& worker, const std::vector<job::HeldLease>& held) override {
    v1::RegisterRequest request;
    *request.mutable_worker() = convert::to_proto(worker);
    for (const job::HeldLease& lease : held) *request.add_held() = convert::to_proto(lease);
    OODML_ASSIGN_OR_RETURN(const v1::RegisterReply reply, ask(&v1::WorkerService::Stub::Register, request, kDeadline));
    Terms terms;
    if (reply.lease_millis() > 0) terms.lease = milliseconds(reply.lease_millis());
    if (reply.heartbeat_millis() > 0) terms.heartbeat = milliseconds(reply.heartbeat_millis());
    return terms;
  }

  Result<std::optional<job::LeasedTrial>> acquire(const std::string& slot, const std::string& request_id,
                                                  Duration wait) override {
    v1::AcquireRequest request;
    request.set_worker_id(worker_.value);
    request.set_slot(slot);
    request.set_request_id(request_id);
    grpc::ClientContext context;
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) wait = Duration(0);
      if (wait > Duration(0)) waiting_.insert(&context);
    }
    request.set_at_once(wait == Duration(0));
    const auto reply = ask(&v1::WorkerService::Stub::Acquire, request, std::max(wait, kShortPoll), context);
    {
      const std::lock_guard lock(mutex_);
      waiting_.erase(&context);
    }
    if (!reply.has_value()) return failure(reply.error());
    if (!reply->has_trial()) return std::nullopt;
    OODML_ASSIGN_OR_RETURN(job::LeasedTrial trial, convert::from_proto(reply->trial()));
    return trial;
  }

  void stop_waiting() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (grpc::ClientContext* context : waiting_) context->TryCancel();
  }

  Result<std::vector<job::Directive>> heartbeat(const std::vector<job::Lease>& leases) override {
    std::vector<job::Directive> directives(leases.size(), job::Directive::kContinue);
    std::size_t told = 0;
    do {
      v1::HeartbeatRequest request;
      request.set_worker_id(worker_.value);
      for (; told < leases.size() && request.leases_size() < job::kMaxLeases; ++told) {
        *request.add_leases() = convert::to_proto(leases[told]);
      }
      OODML_ASSIGN_OR_RETURN(const v1::HeartbeatReply reply,
                             ask(&v1::WorkerService::Stub::Heartbeat, request, kDeadline));
      for (const v1::LeaseDirective& message : reply.directives()) {
        OODML_ASSIGN_OR_RETURN(const auto directive, convert::from_proto(message));
        for (std::size_t i = 0; i < leases.size(); ++i) {
          if (leases[i] == directive.first) directives[i] = directive.second;
        }
      }
    } while (told < leases.size());
    return directives;
  }

  Status leave() override {
    v1::LeaveRequest request;
    request.set_worker_id(worker_.value);
    return detail::status_of(ask(&v1::WorkerService::Stub::Leave, request, kGoodbye));
  }

  Result<std::int64_t> push_events(const job::Lease& lease, const std::vector<job::Event>& events) override {
    v1::PushEventsRequest request;
    request.set_worker_id(worker_.value);
    request.set_lease_id(lease.id.value);
    std::size_t bytes = 0;
    for (const job::Event& event : events) {
      v1::Event message = convert::to_proto(event);
      bytes += message.ByteSizeLong();
      if (request.events_size() > 0 && bytes > job::kMaxBatchBytes) break;
      *request.add_events() = std::move(message);
    }
    OODML_ASSIGN_OR_RETURN(const v1::PushEventsReply reply,
                           ask(&v1::WorkerService::Stub::PushEvents, request, kDeadline));
    return reply.durable_sequence();
  }

  Status commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint) override {
    v1::CommitCheckpointRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    *request.mutable_checkpoint() = convert::to_proto(checkpoint);
    return detail::status_of(ask(&v1::WorkerService::Stub::CommitCheckpoint, request, kDeadline));
  }

  Result<std::optional<job::LeasedTrial>> finish(const job::Lease& lease, const EndReport& end,
                                                 const std::optional<NextTrial>& next) override {
    v1::FinishRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    request.set_request_id(end.request_id);
    request.set_outcome(job::to_text(end.outcome));
    request.set_message(convert::wire_text(end.message));
    request.set_last_sequence(end.last_sequence);
    for (const job::Event& event : end.events) *request.add_events() = convert::to_proto(event);
    request.set_printed_nothing(end.printed_nothing);
    if (next) {
      request.mutable_next()->set_worker_id(worker_.value);
      request.mutable_next()->set_slot(next->slot);
      request.mutable_next()->set_request_id(next->request_id);
    }
    OODML_ASSIGN_OR_RETURN(const v1::FinishReply reply, ask(&v1::WorkerService::Stub::Finish, request, kDeadline));
    if (!reply.has_next()) return std::nullopt;
    OODML_ASSIGN_OR_RETURN(job::LeasedTrial trial, convert::from_proto(reply.next()));
    return trial;
  }

  Result<ContentState> offer_content(const job::Lease& lease, const std::string& sha256, std::int64_t bytes) override {
    v1::OfferContentRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    request.set_sha256(sha256);
    request.set_bytes(bytes);
    return content_state(ask(&v1::UploadService::Stub::OfferContent, request, kDeadline));
  }

  Result<ContentState> put_chunk(const job::Lease& lease, const ContentChunk& chunk) override {
    v1::PutChunkRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    request.set_sha256(chunk.sha256);
    request.set_bytes(chunk.bytes);
    request.set_offset(chunk.offset);
    request.set_data(std::string(chunk.data));
    return content_state(ask(&v1::UploadService::Stub::PutChunk, request, kChunkDeadline));
  }

  Status publish_files(const job::Lease& lease, const std::vector<job::StoredFile>& files) override {
    v1::PublishFilesRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    convert::add_files(files, *request.mutable_files());
    return detail::status_of(ask(&v1::UploadService::Stub::PublishFiles, request, kDeadline));
  }

  Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                     bool over) override {
    v1::AppendOutputRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    request.set_offset(offset);
    request.set_data(std::string(data));
    request.set_over(over);
    OODML_ASSIGN_OR_RETURN(const v1::AppendOutputReply reply,
                           ask(&v1::UploadService::Stub::AppendOutput, request, kDeadline));
    return reply.next_offset();
  }

  Result<std::string> take_chunk(const job::Lease& lease, const std::string& sha256, std::int64_t offset) override {
    v1::TakeChunkRequest request;
    *request.mutable_lease() = convert::to_proto(lease);
    request.set_sha256(sha256);
    request.set_offset(offset);
    OODML_ASSIGN_OR_RETURN(v1::ReadArtifactReply reply,
                           ask(&v1::UploadService::Stub::TakeChunk, request, kChunkDeadline));
    return std::move(*reply.mutable_data());
  }

 private:
  template <typename Stub, typename Request, typename Reply>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Reply*);

  template <typename Stub, typename Request, typename Reply>
  Result<Reply> ask(Method<Stub, Request, Reply> method, const Request& request, Duration deadline) {
    grpc::ClientContext context;
    return ask(method, request, deadline, context);
  }

  template <typename Stub, typename Request, typename Reply>
  Result<Reply> ask(Method<Stub, Request, Reply> method, const Request& request, Duration deadline,
                    grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    if (const std::string token = token_.get(); !token.empty()) {
      context.AddMetadata("authorization", "Bearer " + token);
    }
    Reply reply;
    const auto stub = stub_of<Stub>(channel_.get());
    const grpc::Status status = ((*stub).*method)(&context, request, &reply);
    if (status.ok()) return reply;
    const Status plain = convert::from_grpc(status);
    return failure(plain.code(), "coordinator " + address_ + ": " + plain.message() +
                                     (convert::could_not_connect(status) ? advice(plain.message()) : ""));
  }

  /// A worker waits for a coordinator that is away; what waiting will not mend has to be said.
  std::string advice(const std::string& words) const {
    switch (convert::obstacle_of(words)) {
      case convert::Obstacle::kTls:
        return "; its certificate has to be signed by what --tls-ca holds and to name the host of --coordinator";
      case convert::Obstacle::kNoTls:
        return "; it speaks no TLS there: start it with --tls-cert and --tls-key, or leave out --tls-ca";
      case convert::Obstacle::kHangsUp:
        return has_tls_ ? "" : "; if it has TLS, give --tls-ca FILE";
      default:
        return "";
    }
  }

  const WorkerId worker_;
  const std::string address_;
  const HeldToken token_;
  const bool has_tls_;
  convert::Channel channel_;
  std::mutex mutex_;  // guards all below
  bool stopped_ = false;
  std::set<grpc::ClientContext*> waiting_;  // long polls under way
};

}  // namespace

std::unique_ptr<CoordinatorClient> connect(const Connection& connection, WorkerId worker) {
  return std::make_unique<GrpcCoordinatorClient>(connection, std::move(worker));
}

void log_grpc_at_debug_level() { convert::log_grpc_at_debug_level(); }

}  // namespace oodml::worker
