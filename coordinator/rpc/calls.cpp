#include "coordinator/rpc/calls.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "proto/convert/status_convert.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr const char* kRetryAfterMillis = "1000";

/// gRPC writes a peer's IPv6 address as in a URL, ipv6:%5B::1%5D:7070: [::1]:7070 for people.
std::string for_people(std::string caller) {
  for (const auto& [coded, plain] : {std::pair{"%5B", "["}, std::pair{"%5D", "]"}}) {
    if (const auto at = caller.find(coded); at != std::string::npos) caller.replace(at, 3, plain);
  }
  return caller;
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
      spdlog::warn("{} of {}: {}", method, for_people(caller), status.text());
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

Answer::Answer(const Admission& admission, const RawCall& call, grpc::ServerUnaryReactor& reactor,
               std::shared_ptr<RunningCalls> running)
    : admission_(admission), call_(call), reactor_(reactor), running_(std::move(running)) {
  running_->begin();
}

Status read_message(const Admission& admission, const grpc::ByteBuffer& bytes, google::protobuf::MessageLite& message) {
  grpc::ByteBuffer consumed(bytes);
  const grpc::Status read = grpc::SerializationTraits<google::protobuf::MessageLite>::Deserialize(&consumed, &message);
  return read.ok() ? Status()
                   : Status(invalid_argument(admission.method() + ": the request is no " + message.GetTypeName()));
}

Answer::~Answer() {
  finish(Status(StatusCode::kUnavailable, admission_.method() + ": the coordinator stopped before it had an answer"));
}

void Answer::finish(const Status& status) {
  if (finished_.exchange(true)) return;
  grpc::Status end = ending(call_.context, admission_.method(), caller().name, status);
  bool ours = false;
  if (end.ok())
    end = grpc::SerializationTraits<google::protobuf::MessageLite>::Serialize(message(), &call_.reply, &ours);
  reactor_.Finish(end);
  running_->end();
}

Result<Admission> Calls::admit(const grpc::CallbackServerContext& context, const std::string& method) const {
  const std::string full = service_ + "." + method;
  const auto other = roles_.of_method.find(method);
  Result<Caller> caller = gate_.admit(context, other != roles_.of_method.end() ? other->second : roles_.usual);
  if (!caller.has_value()) return failure(caller.error().code(), full + ": " + caller.error().message());
  return Admission(full, *std::move(caller));
}

void Calls::run(Answer& answer, const std::function<Status()>& handler) {
  try {
    const Status status = handler();
    if (!status.ok()) answer.finish(status);
  } catch (const std::exception& error) {
    answer.finish(internal_error(std::string("a bug of the coordinator: ") + error.what()));
  }
}

Status Calls::post(std::function<void()> work) {
  if (queue_.post(std::move(work))) return Status();
  return Status(StatusCode::kResourceExhausted, "the coordinator has too many requests waiting; try again");
}

}  // namespace oodml::coordinator::rpc
