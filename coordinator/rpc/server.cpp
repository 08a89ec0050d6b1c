#include "coordinator/rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/sweep_rpc.h"
#include "coordinator/rpc/work_queue.h"
#include "coordinator/rpc/worker_rpc.h"
#include "core/job/limits.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr Duration kHangUp = std::chrono::milliseconds(200);  // for answers to be on their way, and callers to leave

class GrpcServer final : public Server {
 public:
  GrpcServer(const ServerOptions& options, Service& service, std::optional<Tokens> tokens)
      : security_(options.security),
        gate_(std::move(tokens)),
        queue_(options.work_threads, static_cast<std::size_t>(options.max_waiting_calls)),
        sweeps_(service.sweeps(), gate_, queue_),
        workers_(service.leases(), gate_, queue_) {}

  ~GrpcServer() override { stop(Duration(0)); }

  Status listen(const Endpoint& endpoint, const std::shared_ptr<grpc::ServerCredentials>& credentials);

  int port() const override { return port_; }

  void stop(Duration grace) override {
    if (server_ == nullptr) return;
    sweeps_.stop();
    workers_.stop();
    // Shutdown itself would wait for callers to hang up, and one that asks nothing does not hear the goodbye for seconds.
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
    gate_.replace(*std::move(tokens));
    return Status();
  }

 private:
  const Security security_;
  Gate gate_;
  WorkQueue queue_;
  SweepRpc sweeps_;
  WorkerRpc workers_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // the first to go: its calls use all of the above
};

Status GrpcServer::listen(const Endpoint& endpoint, const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(endpoint.text(), credentials, &port_);
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
    return unavailable("cannot listen on " + endpoint.text() + ": " + why_not_bound(endpoint));
  }
  return Status();
}

}  // namespace

void log_grpc_at_debug_level() {
  gpr_set_log_function([](gpr_log_func_args* line) { spdlog::debug("grpc: {}", line->message); });
}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Service& service) {
  OODML_RETURN_IF_ERROR(check_exposure(options.listen, options.security));
  OODML_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, tokens_of(options.security));
  OODML_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                         server_credentials(options.security));
  auto server = std::make_unique<GrpcServer>(options, service, std::move(tokens));
  OODML_RETURN_IF_ERROR(server->listen(options.listen, credentials));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace oodml::coordinator::rpc
