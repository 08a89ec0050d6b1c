#include "tests/integration/stub_worker.h"

#include <stdexcept>
#include <utility>

#include "core/base/ids.h"

namespace oodml::testing {

StubWorker::StubWorker(CoordinatorProcess& coordinator, std::string id, int slots)
    : coordinator_(coordinator), id_(std::move(id)) {
  v1::RegisterRequest request;
  request.mutable_worker()->set_worker_id(id_);
  for (int i = 0; i < slots; ++i) {
    v1::Slot& slot = *request.mutable_worker()->add_slots();
    slot.set_name("cpu:" + std::to_string(i));
    slot.set_device("cpu");
    slot.set_threads(64);
  }
  request.mutable_worker()->add_benchmarks()->set_name("fashion_mnist");
  v1::RegisterReply reply;
  const grpc::Status status = coordinator_.workers().Register(Call(), request, &reply);
  if (!status.ok()) throw std::runtime_error("Register: " + status.error_message());
}

std::optional<v1::Lease> StubWorker::acquire(int slot, std::chrono::milliseconds wait) {
  v1::AcquireRequest request;
  request.set_worker_id(id_);
  request.set_slot("cpu:" + std::to_string(slot));
  request.set_request_id(random_hex_128());
  v1::AcquireReply reply;
  Call call;
  call.context.set_deadline(std::chrono::system_clock::now() + wait);
  const grpc::Status status = coordinator_.workers().Acquire(call, request, &reply);
  if (!status.ok()) throw std::runtime_error("Acquire: " + status.error_message());
  return reply.has_trial() ? std::optional(reply.trial().lease()) : std::nullopt;
}

grpc::Status StubWorker::heartbeat(const std::vector<v1::Lease>& leases, v1::HeartbeatReply* reply) {
  v1::HeartbeatRequest request;
  request.set_worker_id(id_);
  for (const v1::Lease& lease : leases) *request.add_leases() = lease;
  return coordinator_.workers().Heartbeat(Call(), request, reply);
}

grpc::Status StubWorker::push(const v1::Lease& lease, std::int64_t first_sequence, int count) {
  v1::PushEventsReply reply;
  return coordinator_.workers().PushEvents(Call(), metrics(id_, lease, first_sequence, count), &reply);
}

grpc::Status StubWorker::finish(const v1::Lease& lease, const std::string& outcome, std::int64_t last_sequence) {
  v1::FinishRequest request;
  *request.mutable_lease() = lease;
  request.set_request_id(random_hex_128());
  request.set_outcome(outcome);
  request.set_last_sequence(last_sequence);
  v1::FinishReply reply;
  return coordinator_.workers().Finish(Call(), request, &reply);
}

v1::PushEventsRequest StubWorker::metrics(const std::string& worker, const v1::Lease& lease,
                                          std::int64_t first_sequence, int count) {
  v1::PushEventsRequest request;
  request.set_worker_id(worker);
  request.set_lease_id(lease.lease_id());
  for (std::int64_t sequence = first_sequence; sequence < first_sequence + count; ++sequence) {
    v1::Event& event = *request.add_events();
    event.set_trial_id(lease.trial_id());
    event.set_attempt(lease.attempt());
    event.set_sequence(sequence);
    event.set_time_millis(1'795'000'000'000);
    v1::Metric& metric = *event.mutable_metric();
    metric.set_epoch(sequence);
    metric.set_set("test");
    metric.set_embeds("embeds");
    metric.set_name("e_recall@1");
    metric.set_value(0.5);
  }
  return request;
}

}  // namespace oodml::testing
