#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <string_view>

#include "coordinator/rpc/listen.h"
#include "coordinator/service/service.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::rpc {

struct ServerOptions {
  Address listen;
  Security security;
  int work_threads = 4;         ///< for calls that read the database or expand sweeps
  int max_waiting_calls = 256;  ///< of those; more are answered RESOURCE_EXHAUSTED
};

/// gRPC's own lines go to our log; they are for those who look for trouble in gRPC. For main.
void log_grpc_at_debug_level();

/// The gRPC server before a Service: SweepService, WorkerService, and gRPC's own health service.
class Server {
 public:
  /// Listens when it returns. kFailedPrecondition: the address is open to others without protection; kUnavailable: it
  /// cannot be bound; else what is wrong with the files of `options.security`.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Service& service);

  virtual ~Server() = default;  ///< Stops at once.
  virtual int port() const = 0;
  /// Refuses new calls, answers the waiting ones, and gives running ones `grace` before it cancels them. Connections
  /// without a call are not waited for.
  virtual void stop(Duration grace) = 0;
  /// Reads the token file again; the old tokens stay when it fails.
  virtual Status reload_tokens() = 0;
  /// What gRPC's health service answers; serving until told otherwise.
  virtual void set_serving(bool is_serving) = 0;
  /// A way to this server inside of the process: the same gate, roles and queues as for everybody. Calls through it
  /// fail with UNAVAILABLE after stop().
  virtual std::shared_ptr<grpc::Channel> channel_inside() = 0;
  /// False: nobody is asked for tokens.
  virtual bool asks_for_tokens() const = 0;
  /// Whose token it is, as the gate has them now; without tokens an operator without a name. kUnauthenticated:
  /// nobody's; kPermissionDenied: a worker's.
  virtual Result<Caller> identify(std::string_view token) const = 0;
};

}  // namespace oodml::coordinator::rpc
