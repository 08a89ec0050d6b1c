#pragma once

#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "coordinator/rpc/open_calls.h"
#include "coordinator/service/leases.h"

namespace oodml::coordinator::rpc {

/// How long an Acquire may wait: 80 % of the time its caller gives it, at most a minute; half a minute where the caller
/// set no deadline. The rest is for the answer's way back.
Duration waiting_time(std::chrono::system_clock::time_point now, std::chrono::system_clock::time_point deadline);

/// Where the caller's leaving and the lease manager's waiting meet, in whichever order they come.
class Wait {
 public:
  void set(std::shared_ptr<Leases::Pending> pending);
  void stop();  ///< Answers soon, with nothing.

 private:
  std::mutex mutex_;
  std::shared_ptr<Leases::Pending> pending_;  // guarded by mutex_
  bool stopped_ = false;                      // guarded by mutex_
};

/// gRPC's side of an Acquire; deletes itself when the call is over.
class LongPoll final : public grpc::ServerUnaryReactor {
 public:
  LongPoll(std::shared_ptr<Wait> wait, OpenCalls<Wait>& open) : wait_(std::move(wait)), open_(open) {}

 private:
  void OnCancel() override { wait_->stop(); }
  void OnDone() override;

  const std::shared_ptr<Wait> wait_;
  OpenCalls<Wait>& open_;
};

}  // namespace oodml::coordinator::rpc
