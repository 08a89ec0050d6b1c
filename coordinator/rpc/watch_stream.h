#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "coordinator/rpc/calls.h"
#include "coordinator/rpc/open_calls.h"
#include "coordinator/rpc/watch_queue.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/watch_item.h"
#include "oodml/v1/sweeps.grpc.pb.h"

namespace oodml::coordinator::rpc {

/// A WatchEvents call between its subscription, which pushes from any thread, and gRPC, which takes one message at a
/// time. Lives as long as either of them refers to it; the gRPC side (WatchStream) may go first.
class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(const Admission& admission, grpc::CallbackServerContext& context, std::size_t max_events);

  void push(WatchItem item);
  /// Sends what is queued, if `status` is good, and ends the call.
  void end(Status status);
  void stop() { end(unavailable("the coordinator is stopping; call again")); }
  /// Keeps the subscription until the call has ended.
  void hold(std::unique_ptr<Sweeps::Subscription> subscription);

 private:
  friend class WatchStream;
  void advance(std::unique_lock<std::mutex> lock);
  void written(bool ok);
  void closed();

  const Admission admission_;
  grpc::CallbackServerContext& context_;                          // not used after closed()
  std::mutex mutex_;                                              // guards what follows
  grpc::ServerWriteReactor<grpc::ByteBuffer>* stream_ = nullptr;  // null before and after gRPC's side lives
  WatchQueue queue_;
  grpc::ByteBuffer sending_;  // gRPC's while writing_
  bool writing_ = false;
  bool finished_ = false;
  std::optional<Status> end_;
  std::unique_ptr<Sweeps::Subscription> subscription_;
};

/// gRPC's side of a Watch; deletes itself when the call is over.
class WatchStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  WatchStream(std::shared_ptr<Watch> watch, OpenCalls<Watch>& open);

 private:
  void OnWriteDone(bool ok) override { watch_->written(ok); }
  void OnCancel() override { watch_->end(Status(StatusCode::kCancelled, "the caller left")); }
  void OnDone() override;

  const std::shared_ptr<Watch> watch_;
  OpenCalls<Watch>& open_;
};

}  // namespace oodml::coordinator::rpc
