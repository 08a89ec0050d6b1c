#pragma once

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "coordinator/rpc/gate.h"
#include "coordinator/rpc/work_queue.h"
#include "coordinator/service/reply.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::rpc {

/// Proof that a caller was let in. Only Calls makes one, and nothing reads or answers a call without it.
class Admission {
 public:
  const std::string& method() const { return method_; }  ///< SweepService.Plan
  const Caller& caller() const { return caller_; }

 private:
  friend class Calls;
  Admission(std::string method, Caller caller) : method_(std::move(method)), caller_(std::move(caller)) {}
  std::string method_;
  Caller caller_;
};

/// A unary call as gRPC hands it over. Its request is bytes: who has no token has nothing of it read.
struct RawCall {
  grpc::CallbackServerContext& context;
  const grpc::ByteBuffer& request;
  grpc::ByteBuffer& reply;
};

/// The request of an admitted caller. kInvalidArgument: it is no such message.
Status read_message(const Admission& admission, const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message);

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
/// call hangs. Request and reply live as long as it does (Exchange).
class Answer {
 public:
  Answer(const Admission& admission, const RawCall& call, grpc::ServerUnaryReactor& reactor,
         std::shared_ptr<RunningCalls> running);
  virtual ~Answer();
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  const Caller& caller() const { return admission_.caller(); }
  /// Ends the call; where that is well, with the reply as it is now.
  void finish(const Status& status);

 private:
  virtual const google::protobuf::MessageLite& message() const = 0;

  const Admission admission_;
  const RawCall call_;
  grpc::ServerUnaryReactor& reactor_;
  const std::shared_ptr<RunningCalls> running_;
  std::atomic<bool> finished_ = false;
};

/// An Answer with the messages of its method.
template <typename Request, typename Reply>
class Exchange final : public Answer {
 public:
  using Answer::Answer;
  Request request;
  Reply reply;

 private:
  const google::protobuf::MessageLite& message() const override { return reply; }
};

/// A handler's reply callback: `fill` puts the value into the reply message before the call ends well.
template <typename T, typename Fill>
std::function<void(Result<T>)> reply_to(std::shared_ptr<Answer> answer, Fill fill) {
  return [answer = std::move(answer), fill = std::move(fill)](Result<T> result) {
    if (result.has_value()) fill(*result);
    answer->finish(result.has_value() ? Status() : result.error());
  };
}

/// How every method of one gRPC service runs: asks the gate, reads the request, runs the handler, turns what it throws
/// or returns into the call's end. Handlers get request and reply by reference: both live until the Answer is gone.
class Calls {
 public:
  template <typename Request, typename Reply>
  using Handler = std::function<Status(const Request&, Reply&)>;
  /// Starts something that will use the Answer; a failure it returns ends the call at once.
  template <typename Request, typename Reply>
  using AsyncHandler = std::function<Status(const Request&, Reply&, std::shared_ptr<Answer>)>;

  /// The role that each method needs, and `usual` for those that are not named.
  struct Roles {
    Role usual;
    std::map<std::string, Role> of_method = {};
  };
  Calls(std::string service, Roles roles, const Gate& gate, WorkQueue& queue)
      : service_(std::move(service)), roles_(std::move(roles)), gate_(gate), queue_(queue) {}

  /// Lets the caller of `method` in, or says why not.
  Result<Admission> admit(const grpc::CallbackServerContext& context, const std::string& method) const;

  /// Runs on gRPC's thread: only for what takes microseconds.
  template <typename Request, typename Reply>
  grpc::ServerUnaryReactor* at_once(const RawCall& call, const std::string& method, Handler<Request, Reply> handler) {
    return later<Request, Reply>(call, method, answered_by(std::move(handler)));
  }
  /// Runs on the work queue's threads; overload is answered RESOURCE_EXHAUSTED.
  template <typename Request, typename Reply>
  grpc::ServerUnaryReactor* queued(const RawCall& call, const std::string& method, Handler<Request, Reply> handler) {
    return queued_later<Request, Reply>(call, method, answered_by(std::move(handler)));
  }
  /// Answered later, from any thread.
  template <typename Request, typename Reply>
  grpc::ServerUnaryReactor* later(const RawCall& call, const std::string& method,
                                  AsyncHandler<Request, Reply> handler) {
    grpc::ServerUnaryReactor* const reactor = call.context.DefaultReactor();
    answer_on(call, *reactor, method, std::move(handler));
    return reactor;
  }
  /// Both: starts on the work queue, answered later.
  template <typename Request, typename Reply>
  grpc::ServerUnaryReactor* queued_later(const RawCall& call, const std::string& method,
                                         AsyncHandler<Request, Reply> handler) {
    return later<Request, Reply>(
        call, method,
        [this, handler = std::move(handler)](const Request& request, Reply& reply, std::shared_ptr<Answer> answer) {
          // The Answer keeps what the references lead to.
          return post(
              [&request, &reply, answer, handler] { run(*answer, [&] { return handler(request, reply, answer); }); });
        });
  }
  /// As later(), on a reactor of the handler's own.
  template <typename Request, typename Reply>
  void answer_on(const RawCall& call, grpc::ServerUnaryReactor& reactor, const std::string& method,
                 AsyncHandler<Request, Reply> handler) {
    const Result<Admission> admission = admit(call.context, method);
    if (!admission.has_value()) {
      return reactor.Finish(ending(call.context, service_, call.context.peer(), admission.error()));
    }
    const auto exchange = std::make_shared<Exchange<Request, Reply>>(*admission, call, reactor, running_);
    run(*exchange, [&]() -> Status {
      OODML_RETURN_IF_ERROR(read_message(*admission, call.request, exchange->request));
      return handler(exchange->request, exchange->reply, exchange);
    });
  }

  /// Runs `handler`; a failure or an exception (a bug) ends the call.
  static void run(Answer& answer, const std::function<Status()>& handler);
  /// `work` on the work queue, or why not.
  Status post(std::function<void()> work);
  /// Waits until every unary call has its answer, at most `patience`.
  void wait_until_answered(Duration patience) { running_->wait_for_none(patience); }

 private:
  template <typename Request, typename Reply>
  static AsyncHandler<Request, Reply> answered_by(Handler<Request, Reply> handler) {
    return [handler = std::move(handler)](const Request& request, Reply& reply, const std::shared_ptr<Answer>& answer) {
      answer->finish(handler(request, reply));
      return Status();
    };
  }

  const std::string service_;
  const Roles roles_;
  const Gate& gate_;
  WorkQueue& queue_;
  const std::shared_ptr<RunningCalls> running_ = std::make_shared<RunningCalls>();
};

}  // namespace oodml::coordinator::rpc
