#include "coordinator/rpc/calls.h"

#include <spdlog/spdlog.h>

#include <exception>

#include "proto/convert/status_convert.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr const char* kRetryAfterMillis = "1000";

Calls::AsyncHandler answered_by(Calls::Handler handler) {
  return [handler = std::move(handler)](const std::shared_ptr<Answer>& answer) {
    answer->finish(handler());
    return Status();
  };
}

}  // namespace

grpc::Status ending(grpc::CallbackServerContext& context, const std::string& method, const std::string& caller,
                    const Status& status) {
  switch (status.code()) {
    case StatusCode::kUnavailable:
      context.AddTrailingMetadata("retry-after-ms", kRetryAfterMillis);
      break;
    case StatusCode::kResourceExhausted:
      context.AddTrailingMetadata("retry-after-ms", kRetryAfterMillis);
      [[fallthrough]];
    case StatusCode::kPermissionDenied:
    case StatusCode::kUnauthenticated:
      spdlog::warn("{} of {}: {}", method, caller, status.text());
      break;
    case StatusCode::kInternal:
    case StatusCode::kDataLoss:
      spdlog::error("{} of {}: {}", method, caller, status.text());
      break;
    default:
      spdlog::debug("{} of {}: {}", method, caller, status.text());
      break;
  }
  return convert::to_grpc(status);
}

void RunningCalls::begin() {
  const std::lock_guard lock(mutex_);
  ++running_;
}

void RunningCalls::end() {
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) none_.notify_all();
}

void RunningCalls::wait_for_none(Duration patience) {
  std::unique_lock lock(mutex_);
  none_.wait_for(lock, patience, [this] { return running_ == 0; });
}

Answer::Answer(const Admission& admission, grpc::CallbackServerContext& context, grpc::ServerUnaryReactor& reactor,
               std::shared_ptr<RunningCalls> running)
    : admission_(admission), context_(context), reactor_(reactor), running_(std::move(running)) {
  running_->begin();
}

Answer::~Answer() {
  finish(Status(StatusCode::kUnavailable, admission_.method() + ": the coordinator stopped before it had an answer"));
}

void Answer::finish(const Status& status) {
  if (finished_.exchange(true)) return;
  reactor_.Finish(ending(context_, admission_.method(), admission_.caller(), status));
  running_->end();
}

Result<Admission> Calls::admit(const grpc::CallbackServerContext& context, const std::string& method) const {
  const std::string full = service_ + "." + method;
  Result<std::string> caller = gate_.admit(context, role_);
  if (!caller.has_value()) return failure(caller.error().code(), full + ": " + caller.error().message());
  return Admission(full, *std::move(caller));
}

void Calls::run(const std::shared_ptr<Answer>& answer, const AsyncHandler& handler) {
  try {
    const Status status = handler(answer);
    if (!status.ok()) answer->finish(status);
  } catch (const std::exception& error) {
    answer->finish(internal_error(std::string("a bug of the coordinator: ") + error.what()));
  }
}

Status Calls::post(std::function<void()> work) {
  if (queue_.post(std::move(work))) return Status();
  return Status(StatusCode::kResourceExhausted, "the coordinator has too many requests waiting; try again");
}

void Calls::answer_on(grpc::CallbackServerContext& context, grpc::ServerUnaryReactor& reactor,
                      const std::string& method, const AsyncHandler& handler) {
  const Result<Admission> admission = admit(context, method);
  if (!admission.has_value()) {
    reactor.Finish(ending(context, service_, context.peer(), admission.error()));
  } else {
    run(std::make_shared<Answer>(*admission, context, reactor, running_), handler);
  }
}

grpc::ServerUnaryReactor* Calls::later(grpc::CallbackServerContext* context, const std::string& method,
                                       AsyncHandler handler) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  answer_on(*context, *reactor, method, handler);
  return reactor;
}

grpc::ServerUnaryReactor* Calls::queued_later(grpc::CallbackServerContext* context, const std::string& method,
                                              AsyncHandler handler) {
  return later(context, method, [this, handler = std::move(handler)](const std::shared_ptr<Answer>& answer) {
    return post([answer, handler] { run(answer, handler); });
  });
}

grpc::ServerUnaryReactor* Calls::at_once(grpc::CallbackServerContext* context, const std::string& method,
                                         Handler handler) {
  return later(context, method, answered_by(std::move(handler)));
}

grpc::ServerUnaryReactor* Calls::queued(grpc::CallbackServerContext* context, const std::string& method,
                                        Handler handler) {
  return queued_later(context, method, answered_by(std::move(handler)));
}

}  // namespace oodml::coordinator::rpc
