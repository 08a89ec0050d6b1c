#include "tests/integration/crowd.h"

#include <algorithm>

#include "core/base/ids.h"
#include "tests/integration/stub_worker.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 60s;

}  // namespace

void CallTimes::end(Clock::time_point started, const grpc::Status& status) {
  {
    const std::lock_guard lock(mutex_);
    longest_ = std::max(longest_, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started));
    if (status.ok()) ++done_;
    if (!status.ok()) failures_.push_back(status);
  }
  --open_;
}

int CallTimes::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

std::chrono::milliseconds CallTimes::longest() const {
  const std::lock_guard lock(mutex_);
  return longest_;
}

std::vector<grpc::Status> CallTimes::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

Crowd::Crowd(int workers, const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // else they would share one connection
  for (int i = 0; i < workers; ++i) {
    members_.push_back(
        {.id = "crowd-" + std::to_string(i),
         .stub = v1::WorkerService::NewStub(grpc::CreateCustomChannel(address, credentials, arguments))});
  }
}

template <typename Request, typename Reply>
void Crowd::start(Member& member, Method<Request, Reply> method, const Request& request,
                  std::chrono::milliseconds patience, CallTimes& times, std::function<void(const Reply&)> take) {
  struct Call {
    grpc::ClientContext context;
    Request request;
    Reply reply;
  };
  auto call = std::make_shared<Call>();
  call->context.set_deadline(std::chrono::system_clock::now() + patience);
  call->context.set_wait_for_ready(true);
  call->request = request;
  times.start();
  const auto started = CallTimes::Clock::now();
  Service& service = *member.stub->async();
  (service.*method)(&call->context, &call->request, &call->reply, [call, &times, started, take](grpc::Status status) {
    if (status.ok() && take) take(call->reply);
    times.end(started, status);
  });
}

void Crowd::register_all(CallTimes& times) {
  for (Member& member : members_) {
    v1::RegisterRequest request;
    request.mutable_worker()->set_worker_id(member.id);
    v1::Slot& slot = *request.mutable_worker()->add_slots();
    slot.set_name("cpu:0");
    slot.set_device("cpu");
    slot.set_threads(64);
    request.mutable_worker()->add_benchmarks()->set_name("fashion_mnist");
    start<v1::RegisterRequest, v1::RegisterReply>(member, &Service::Register, request, kPatience, times);
  }
}

void Crowd::acquire_all(std::chrono::milliseconds patience, CallTimes& times) {
  for (Member& member : members_) {
    v1::AcquireRequest request;
    request.set_worker_id(member.id);
    request.set_slot("cpu:0");
    request.set_request_id(random_hex_128());
    start<v1::AcquireRequest, v1::AcquireReply>(member, &Service::Acquire, request, patience, times,
                                                [this, &member](const v1::AcquireReply& reply) {
                                                  const std::lock_guard lock(mutex_);
                                                  if (reply.has_trial()) member.lease = reply.trial().lease();
                                                });
  }
}

void Crowd::heartbeat_all(CallTimes& times) {
  for (Member& member : members_) {
    v1::HeartbeatRequest request;
    request.set_worker_id(member.id);
    {
      const std::lock_guard lock(mutex_);
      if (member.lease) *request.add_leases() = *member.lease;
    }
    start<v1::HeartbeatRequest, v1::HeartbeatReply>(member, &Service::Heartbeat, request, kPatience, times,
                                                    [this](const v1::HeartbeatReply& reply) {
                                                      for (const auto& directive : reply.directives()) {
                                                        if (directive.directive() != v1::DIRECTIVE_CONTINUE)
                                                          ++other_directives_;
                                                      }
                                                    });
  }
}

void Crowd::push_all(int metrics, CallTimes& times) {
  for (Member& member : members_) {
    if (!member.lease) continue;
    start<v1::PushEventsRequest, v1::PushEventsReply>(
        member, &Service::PushEvents, StubWorker::metrics(member.id, *member.lease, 1, metrics), kPatience, times);
  }
}

void Crowd::finish_all(int metrics, CallTimes& times) {
  for (Member& member : members_) {
    if (!member.lease) continue;
    v1::FinishRequest request;
    *request.mutable_lease() = *member.lease;
    request.set_request_id(random_hex_128());
    request.set_outcome("succeeded");
    request.set_last_sequence(metrics);
    start<v1::FinishRequest, v1::FinishReply>(member, &Service::Finish, request, kPatience, times);
  }
}

std::vector<std::optional<v1::Lease>> Crowd::leases() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::optional<v1::Lease>> leases;
  for (const Member& member : members_) leases.push_back(member.lease);
  return leases;
}

}  // namespace oodml::testing
