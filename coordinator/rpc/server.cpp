#include "coordinator/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "coordinator/rpc/artifact_rpc.h"
#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/secret_files.h"
#include "coordinator/rpc/sharing_rpc.h"
#include "coordinator/rpc/shown_certificate.h"
#include "coordinator/rpc/sweep_rpc.h"
#include "coordinator/rpc/upkeep_rpc.h"
#include "coordinator/rpc/upload_rpc.h"
#include "coordinator/rpc/work_queue.h"
#include "coordinator/rpc/worker_rpc.h"
#include "coordinator/service/token_owners.h"
#include "core/job/limits.h"
#include "proto/convert/grpc_log.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr Duration kHangUp = std::chrono::milliseconds(200);  // for answers to be on their way, and callers to leave

class GrpcServer final : public Server {
 public:
  GrpcServer(const ServerOptions& options, Service& service, WatchedSecrets watched, std::optional<Tokens> tokens,
             const std::optional<ServerCertificate>& certificate)
      : owners_(service.token_owners()),
        gate_(tokens),
        queue_(options.work_threads, static_cast<std::size_t>(options.max_waiting_calls)),
        transfers_(options.transfer_threads, static_cast<std::size_t>(options.max_waiting_transfers)),
        sweeps_(service.sweeps(), gate_, queue_),
        workers_(service.leases(), service.uploads(), owners_, gate_, queue_),
        sharing_(service.sharing(), service.sweeps(), gate_, queue_),
        artifacts_(service.artifacts(), service.scripts(), gate_, queue_, transfers_),
        uploads_(service.uploads(), gate_, transfers_),
        upkeep_(service.upkeep(), gate_, queue_) {
    if (certificate) shown_.emplace(*certificate);
    files_.emplace(options.security, std::move(watched), owners_, gate_, shown_ ? &*shown_ : nullptr);
    if (tokens) owners_.keep_only(tokens->of_one_worker());
  }

  ~GrpcServer() override { stop(Duration(0)); }

  Status listen(const Address& address, CallEnded call_ended);

  int port() const override { return port_; }

  void stop(Duration grace) override {
    if (server_ == nullptr) return;
    sweeps_.stop();
    workers_.stop();
    artifacts_.stop();
    // Shutdown itself would wait for callers to hang up, and one that asks nothing does not hear the goodbye for
    // seconds.
    const auto deadline = std::chrono::steady_clock::now() + grace;
    const auto left = [&] {
      const auto now = std::chrono::steady_clock::now();
      return std::max(Duration(0), std::chrono::duration_cast<Duration>(deadline - now));
    };
    sweeps_.wait_until_answered(left());
    workers_.wait_until_answered(left());
    sharing_.wait_until_answered(left());
    artifacts_.wait_until_answered(left());
    uploads_.wait_until_answered(left());
    upkeep_.wait_until_answered(left());
    server_->Shutdown(std::chrono::system_clock::now() + std::min(left(), kHangUp));
    server_.reset();
    queue_.stop();  // what is still queued belongs to calls that were cancelled, and uses the services
    transfers_.stop();
  }

  Status read_files_again() override { return files_->read(); }
  void look_at_files() override { files_->read_what_changed(); }

  void set_serving(bool is_serving) override {
    if (server_ != nullptr) server_->GetHealthCheckService()->SetServingStatus(is_serving);
  }

  std::shared_ptr<grpc::Channel> channel_inside() override {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(job::kMaxClientReplyBytes);
    return server_->InProcessChannel(arguments);
  }

  bool asks_for_tokens() const override { return gate_.asks_for_tokens(); }
  Result<Caller> identify(std::string_view token) const override { return gate_.identify(token); }

 private:
  TokenOwners& owners_;
  Gate gate_;
  std::optional<ShownCertificate> shown_;  // none: without TLS
  std::optional<SecretFiles> files_;
  WorkQueue queue_;
  WorkQueue transfers_;
  SweepRpc sweeps_;
  WorkerRpc workers_;
  SharingRpc sharing_;
  ArtifactRpc artifacts_;
  UploadRpc uploads_;
  UpkeepRpc upkeep_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // the first to go: its calls use all of the above
};

Status GrpcServer::listen(const Address& address, CallEnded call_ended) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address.text(), shown_ ? shown_->credentials() : grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(&sweeps_);
  builder.RegisterService(&workers_);
  builder.RegisterService(&sharing_);
  builder.RegisterService(&artifacts_);
  builder.RegisterService(&uploads_);
  builder.RegisterService(&upkeep_);
  builder.experimental().SetInterceptorCreators(call_times(std::move(call_ended)));
  builder.SetMaxReceiveMessageSize(job::kMaxRequestBytes);
  // Without this a second coordinator could share the port and take half of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Finds callers that vanished without a word, and lets workers do the same with us.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    return unavailable("cannot listen on " + address.text() + ": " + why_not_bound(address));
  }
  return Status();
}

}  // namespace

void log_grpc_at_debug_level() { convert::log_grpc_at_debug_level(); }

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Service& service) {
  OODML_RETURN_IF_ERROR(check_exposure(options.listen, options.security));
  WatchedSecrets watched(options.security);
  OODML_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, tokens_of(options.security));
  OODML_ASSIGN_OR_RETURN(const auto certificate, certificate_of(options.security, SystemClock().now()));
  auto server = std::make_unique<GrpcServer>(options, service, std::move(watched), std::move(tokens), certificate);
  OODML_RETURN_IF_ERROR(server->listen(options.listen, options.call_ended));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace oodml::coordinator::rpc
