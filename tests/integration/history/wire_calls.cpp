#include "tests/integration/history/wire_calls.h"

#include <stdexcept>

#include "oodml/v1/sweeps.pb.h"
#include "oodml/v1/workers.pb.h"
#include "proto/convert/event_convert.h"
#include "proto/convert/job_convert.h"

namespace oodml::testing::history {
namespace {

using What = decltype(Call::what);

Answer answer_of(const RecordedCall& call) {
  if (!call.reached_server) return Answer::kRefused;
  switch (call.status.error_code()) {
    case grpc::StatusCode::OK:
      return Answer::kDone;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return Answer::kUnknown;
    default:
      return Answer::kRefused;
  }
}

template <typename T>
T value_of(Result<T> result) {
  if (!result.has_value()) throw std::runtime_error("a recorded message: " + result.error().text());
  return *std::move(result);
}

template <typename Message>
Message parse(const std::string& bytes) {
  Message message;
  if (!message.ParseFromString(bytes)) throw std::runtime_error("recorded bytes are no " + message.GetTypeName());
  return message;
}

What acquired(const RecordedCall& call) {
  const auto request = parse<v1::AcquireRequest>(call.request);
  const auto reply = parse<v1::AcquireReply>(call.reply);
  Acquired acquired{.worker = {request.worker_id()}, .request_id = request.request_id()};
  if (reply.has_trial()) acquired.lease = value_of(convert::from_proto(reply.trial().lease()));
  return acquired;
}

What heartbeat(const RecordedCall& call) {
  const auto request = parse<v1::HeartbeatRequest>(call.request);
  Heartbeat heartbeat{.worker = {request.worker_id()}};
  for (const v1::Lease& lease : request.leases()) heartbeat.leases.push_back(value_of(convert::from_proto(lease)));
  const auto reply = parse<v1::HeartbeatReply>(call.reply);
  for (const v1::LeaseDirective& directive : reply.directives()) {
    heartbeat.directives.push_back(value_of(convert::from_proto(directive)).second);
  }
  return heartbeat;
}

What pushed(const RecordedCall& call) {
  const auto request = parse<v1::PushEventsRequest>(call.request);
  Pushed pushed{.lease = {request.lease_id()}, .durable = parse<v1::PushEventsReply>(call.reply).durable_sequence()};
  for (const v1::Event& event : request.events()) pushed.events.push_back(value_of(convert::from_proto(event)));
  return pushed;
}

What checkpoint(const RecordedCall& call) {
  const auto request = parse<v1::CommitCheckpointRequest>(call.request);
  return CheckpointCommitted{.lease = value_of(convert::from_proto(request.lease())),
                             .epoch = request.checkpoint().epoch()};
}

/// An end may bring the last events along and the next trial back.
std::vector<What> finished(const RecordedCall& call) {
  const auto request = parse<v1::FinishRequest>(call.request);
  const auto reply = parse<v1::FinishReply>(call.reply);
  const job::Lease lease = value_of(convert::from_proto(request.lease()));
  std::vector<What> all;
  if (request.events_size() > 0) {
    Pushed pushed{.lease = lease.id, .durable = answer_of(call) == Answer::kDone ? request.last_sequence() : 0};
    for (const v1::Event& event : request.events()) pushed.events.push_back(value_of(convert::from_proto(event)));
    all.emplace_back(std::move(pushed));
  }
  all.emplace_back(Finished{.lease = lease,
                            .request_id = request.request_id(),
                            .outcome = value_of(convert::outcome("outcome", request.outcome()))});
  if (!request.has_next()) return all;
  Acquired next{.worker = {request.next().worker_id()}, .request_id = request.next().request_id()};
  if (reply.has_next()) next.lease = value_of(convert::from_proto(reply.next().lease()));
  all.emplace_back(std::move(next));
  return all;
}

What submitted(const RecordedCall& call) {
  const auto reply = parse<v1::SubmitReply>(call.reply);
  return Submitted{.request_id = parse<v1::SubmitRequest>(call.request).request_id(),
                   .sweep = {reply.sweep_id()},
                   .trials = reply.trials()};
}

What changed(const char* kind, const RecordedCall& call) {
  return Changed{.kind = kind, .request_id = parse<v1::ChangeRequest>(call.request).request_id()};
}

std::optional<What> one_of(const std::string& method, const RecordedCall& call) {
  if (method == "Acquire") return acquired(call);
  if (method == "Heartbeat") return heartbeat(call);
  if (method == "PushEvents") return pushed(call);
  if (method == "CommitCheckpoint") return checkpoint(call);
  if (method == "Submit") return submitted(call);
  if (method == "Cancel") return changed("cancel", call);
  if (method == "Pause") return changed("pause", call);
  if (method == "Resume") return changed("resume", call);
  if (method == "Retry") return changed("retry", call);
  return std::nullopt;
}

std::vector<What> what_of(const RecordedCall& call) {
  const std::string method = call.method.substr(call.method.rfind('/') + 1);
  if (method == "Finish") return finished(call);
  if (auto what = one_of(method, call)) return {*std::move(what)};
  return {};
}

}  // namespace

std::vector<Call> calls_of(const std::vector<RecordedCall>& recorded) {
  std::vector<Call> calls;
  for (const RecordedCall& call : recorded) {
    for (What& what : what_of(call)) {
      calls.push_back({.asked = call.asked,
                       .sent = call.sent == Instant{} ? call.asked : call.sent,
                       .answered = call.answered,
                       .answer = answer_of(call),
                       .delivered = call.delivered,
                       .what = std::move(what)});
    }
  }
  return calls;
}

}  // namespace oodml::testing::history
