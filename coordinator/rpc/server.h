#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <string_view>

#include "coordinator/rpc/call_times.h"
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
  int transfer_threads = 2;     ///< for calls that carry contents of files: they take as long as the disk does
  int max_waiting_transfers = 64;
  CallEnded call_ended = {};  ///< May be empty; outlives the server.
};

/// gRPC's own lines go to our log; they are for those who look for trouble in gRPC. For main.
void log_grpc_at_debug_level();

/// The gRPC server before a Service: services for people (SweepService, SharingService, ArtifactService,
/// UpkeepService), for workers (WorkerService, UploadService), and gRPC's own health service.
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
  /// Reads the token file, and the certificate with its key, again; what cannot be used leaves the old in its place.
  /// The log says what came of it; the first failure is returned.
  virtual Status read_files_again() = 0;
  /// The same for those that were replaced meanwhile; to be asked a few times a second. Both from one thread.
  virtual void look_at_files() = 0;
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
