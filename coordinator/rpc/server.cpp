#include "coordinator/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/sweep_rpc.h"
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
  GrpcServer(const ServerOptions& options, Service& service, std::optional<Tokens> tokens)
      : security_(options.security),
        owners_(service.token_owners()),
        gate_(tokens),
        queue_(options.work_threads, static_cast<std::size_t>(options.max_waiting_calls)),
        sweeps_(service.sweeps(), gate_, queue_),
        workers_(service.leases(), owners_, gate_, queue_) {
    if (tokens) owners_.keep_only(tokens->of_one_worker());
  }

  ~GrpcServer() override { stop(Duration(0)); }

  Status listen(const Address& address, const std::shared_ptr<grpc::ServerCredentials>& credentials);

  int port() const override { return port_; }

  void stop(Duration grace) override {
    if (server_ == nullptr) return;
    sweeps_.stop();
    workers_.stop();
    // Shutdown itself would wait for callers to hang up, and one that asks nothing does not hear the goodbye for
    // seconds.
    const auto deadline = std::chrono::steady_clock::now() + grace;
    const auto left = [&] {
      const auto now = std::chrono::steady_clock::now();
      return std::max(Duration(0), std::chrono::duration_cast<Duration>(deadline - now));
    };
    sweeps_.wait_until_answered(left());
    workers_.wait_until_answered(left());
    server_->Shutdown(std::chrono::system_clock::now() + std::min(left(), kHangUp));
    server_.reset();
    queue_.stop();  // what is still queued belongs to calls that were cancelled, and uses the services
  }

  Status reload_tokens() override {
    OODML_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, tokens_of(security_));
    if (!tokens) return failed_precondition("there is no token file to read again");
    owners_.keep_only(tokens->of_one_worker());
    gate_.replace(*std::move(tokens));
    return Status();
  }

  void set_serving(bool is_serving) override {
    if (server_ != nullptr) server_->GetHealthCheckService()->SetServingStatus(is_serving);
  }

  std::shared_ptr<grpc::Channel> channel_inside() override {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(job::kMaxClientReplyBytes);
    return server_->InProcessChannel(arguments);
  }

  bool asks_for_tokens() const override { return !security_.tokens.empty(); }
  Result<Caller> identify(std::string_view token) const override { return gate_.identify(token); }

 private:
  const Security security_;
  TokenOwners& owners_;
  Gate gate_;
  WorkQueue queue_;
  SweepRpc sweeps_;
  WorkerRpc workers_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // the first to go: its calls use all of the above
};

Status GrpcServer::listen(const Address& address, const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address.text(), credentials, &port_);
  builder.RegisterService(&sweeps_);
  builder.RegisterService(&workers_);
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
  OODML_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, tokens_of(options.security));
  OODML_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                         server_credentials(options.security, SystemClock().now()));
  auto server = std::make_unique<GrpcServer>(options, service, std::move(tokens));
  OODML_RETURN_IF_ERROR(server->listen(options.listen, credentials));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace oodml::coordinator::rpc
