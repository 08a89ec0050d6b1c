#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/work_queue.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// Proof that a caller was let in. Only Calls makes one, and nothing answers a call without it.
class Admission {
 public:
  const std::string& method() const { return method_; }  ///< SweepService.Plan
  const std::string& caller() const { return caller_; }  ///< for logs: a token's holder, or an address

 private:
  friend class Calls;
  Admission(std::string method, std::string caller) : method_(std::move(method)), caller_(std::move(caller)) {}
  std::string method_, caller_;
};

/// What a call is told in the end: converts, logs what an operator should see, and sends `retry-after-ms` with
/// RESOURCE_EXHAUSTED and UNAVAILABLE.
grpc::Status ending(grpc::CallbackServerContext& context, const std::string& method, const std::string& caller,
                    const Status& status);

/// How many unary calls wait for their answer.
class RunningCalls {
 public:
  void begin();
  void end();
  /// Until there are none, at most `patience`.
  void wait_for_none(Duration patience);

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::int64_t running_ = 0;  // guarded by mutex_
};

/// The right to end one unary call, once, from any thread. Dropped without an answer it says so to the caller, so no
/// call hangs.
class Answer {
 public:
  Answer(const Admission& admission, grpc::CallbackServerContext& context, grpc::ServerUnaryReactor& reactor,
         std::shared_ptr<RunningCalls> running);
  ~Answer();
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  void finish(const Status& status);

 private:
  const Admission admission_;
  grpc::CallbackServerContext& context_;
  grpc::ServerUnaryReactor& reactor_;
  const std::shared_ptr<RunningCalls> running_;
  std::atomic<bool> finished_ = false;
};

/// A handler's reply callback: `fill` puts the value into the reply message before the call ends well.
template <typename T, typename Fill>
std::function<void(Result<T>)> reply_to(std::shared_ptr<Answer> answer, Fill fill) {
  return [answer = std::move(answer), fill = std::move(fill)](Result<T> result) {
    if (result.has_value()) fill(*result);
    answer->finish(result.has_value() ? Status() : result.error());
  };
}

/// How every method of one gRPC service runs: asks the gate, runs the handler, turns what it throws or returns into the
/// call's end. Handlers get requests by pointer: gRPC keeps request and reply until the call has ended.
class Calls {
 public:
  using Handler = std::function<Status()>;
  /// Starts something that will use the Answer; a failure it returns ends the call at once.
  using AsyncHandler = std::function<Status(std::shared_ptr<Answer>)>;

  Calls(std::string service, Role role, const Gate& gate, WorkQueue& queue)
      : service_(std::move(service)), role_(role), gate_(gate), queue_(queue) {}

  /// Lets the caller of `method` in, or says why not.
  Result<Admission> admit(const grpc::CallbackServerContext& context, const std::string& method) const;

  /// Runs on gRPC's thread: only for what takes microseconds.
  grpc::ServerUnaryReactor* at_once(grpc::CallbackServerContext* context, const std::string& method, Handler handler);
  /// Runs on the work queue's threads; overload is answered RESOURCE_EXHAUSTED.
  grpc::ServerUnaryReactor* queued(grpc::CallbackServerContext* context, const std::string& method, Handler handler);
  /// Answered later, from any thread.
  grpc::ServerUnaryReactor* later(grpc::CallbackServerContext* context, const std::string& method,
                                  AsyncHandler handler);
  /// The same on a reactor of the handler's own.
  void answer_on(grpc::CallbackServerContext& context, grpc::ServerUnaryReactor& reactor, const std::string& method,
                 const AsyncHandler& handler);
  /// Both: starts on the work queue, answered later.
  grpc::ServerUnaryReactor* queued_later(grpc::CallbackServerContext* context, const std::string& method,
                                         AsyncHandler handler);

  /// Runs `handler`; a failure or an exception (a bug) ends the call.
  static void run(const std::shared_ptr<Answer>& answer, const AsyncHandler& handler);
  /// `work` on the work queue, or why not.
  Status post(std::function<void()> work);
  /// Waits until every unary call has its answer, at most `patience`.
  void wait_until_answered(Duration patience) { running_->wait_for_none(patience); }

 private:
  const std::string service_;
  const Role role_;
  const Gate& gate_;
  WorkQueue& queue_;
  const std::shared_ptr<RunningCalls> running_ = std::make_shared<RunningCalls>();
};

}  // namespace oodml::coordinator::rpc
