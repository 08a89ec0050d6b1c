#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace oodml::testing {

using Instant = std::chrono::steady_clock::time_point;

/// One call as a RecordingProxy saw it.
struct RecordedCall {
  std::string method;          ///< /oodml.v1.WorkerService/Finish
  std::string request;         ///< Bytes of the one message.
  std::string reply;           ///< Bytes of the first message that the server answered; empty when there was none.
  Instant asked;               ///< The request was here,
  Instant sent;                ///< went on to the server,
  Instant answered;            ///< and the server's status came back.
  grpc::Status status;         ///< The server's; UNAVAILABLE also when it was lost on the way.
  bool delivered = false;      ///< What the server answered was passed on to a caller who was still there.
  bool reached_server = true;  ///< False when the request was lost here.
};

/// What happens to one call.
struct CallFault {
  bool lose_request = false;  ///< The server never sees it.
  bool lose_reply = false;    ///< The server acts; its caller is told UNAVAILABLE.
  std::chrono::milliseconds
      late_request{};  ///< It comes to the server so much later, though its caller may have given up.
  std::chrono::milliseconds late_reply{};
};

/// How a RecordingProxy speaks with its callers, and with the server.
struct ProxyCredentials {
  std::shared_ptr<grpc::ServerCredentials> callers = grpc::InsecureServerCredentials();
  std::shared_ptr<grpc::ChannelCredentials> server = grpc::InsecureChannelCredentials();
};

/// A gRPC server on a free port of this machine that passes every call on to another one: metadata, deadlines, replies
/// and statuses as they are. It sees and keeps what was asked and answered, also where both sides speak TLS, and loses
/// or delays single calls. For methods with one request and any number of replies.
class RecordingProxy {
 public:
  explicit RecordingProxy(ProxyCredentials credentials = {});
  ~RecordingProxy();
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// The server's port on this machine; calls that have not been sent yet go there.
  void lead_to(int port);
  /// Asked once for each call, by any thread, with its method.
  void break_calls(std::function<CallFault(const std::string& method)> choose);
  /// Until the next change, the replies to this method are lost.
  void lose_replies_to(const std::string& method);
  void break_nothing() { break_calls(nullptr); }

  /// The calls that have ended so far, in the order of their ends. Streams end when their caller leaves.
  std::vector<RecordedCall> calls() const;
  int lost_replies() const;

 private:
  class Service;
  class Forwarded;

  std::shared_ptr<grpc::GenericStub> server_stub() const;
  CallFault fault_of(const std::string& method) const;
  void keep(RecordedCall call, bool lost_reply);

  const ProxyCredentials credentials_;
  int port_ = 0;
  mutable std::mutex mutex_;  // guards all below but the server
  std::shared_ptr<grpc::GenericStub> stub_;
  std::function<CallFault(const std::string&)> choose_;
  std::vector<RecordedCall> calls_;
  int lost_replies_ = 0;
  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace oodml::testing
