#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "oodml/v1/workers.grpc.pb.h"

namespace oodml::testing {

/// How the calls of one kind went.
class CallTimes {
 public:
  using Clock = std::chrono::steady_clock;

  void start() { ++open_; }
  void end(Clock::time_point started, const grpc::Status& status);

  int open() const { return open_; }
  int done() const;
  std::chrono::milliseconds longest() const;
  std::vector<grpc::Status> failures() const;

 private:
  std::atomic<int> open_{0};
  mutable std::mutex mutex_;  // guards all below
  int done_ = 0;
  std::chrono::milliseconds longest_{0};
  std::vector<grpc::Status> failures_;
};

/// Many workers in one process, each with a connection and a slot of its own. Every call returns at once; how they went
/// is in the CallTimes.
class Crowd {
 public:
  Crowd(int workers, const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  void register_all(CallTimes& times);
  /// Long polls: answered with nothing after four fifths of `patience`.
  void acquire_all(std::chrono::milliseconds patience, CallTimes& times);
  void heartbeat_all(CallTimes& times);
  /// Those with a trial say so many metrics of it,
  void push_all(int metrics, CallTimes& times);
  /// and end it as succeeded.
  void finish_all(int metrics, CallTimes& times);

  /// By member; absent where it got none.
  std::vector<std::optional<v1::Lease>> leases() const;
  /// Directives other than "go on" that heartbeats brought.
  int other_directives() const { return other_directives_; }

 private:
  struct Member {
    std::string id;
    std::unique_ptr<v1::WorkerService::Stub> stub;
    std::optional<v1::Lease> lease;
  };
  using Service = v1::WorkerService::StubInterface::async_interface;
  template <typename Request, typename Reply>
  using Method = void (Service::*)(grpc::ClientContext*, const Request*, Reply*, std::function<void(grpc::Status)>);
  /// `take` gets a good answer.
  template <typename Request, typename Reply>
  void start(Member& member, Method<Request, Reply> method, const Request& request, std::chrono::milliseconds patience,
             CallTimes& times, std::function<void(const Reply&)> take = nullptr);

  mutable std::mutex mutex_;  // guards the members' leases
  std::vector<Member> members_;
  std::atomic<int> other_directives_{0};
};

}  // namespace oodml::testing
