#include "tests/integration/recorded_cluster.h"

#include "core/base/ids.h"
#include "tests/integration/credentials.h"
#include "tests/integration/history/wire_calls.h"
#include "tests/integration/scripted_sweep.h"

namespace oodml::testing {

RecordedCluster::RecordedCluster(std::filesystem::path folder, const std::string& script, ClusterTerms terms)
    : cluster_(std::move(folder), script, std::move(terms)),
      recorder_(proxy_credentials(cluster_.security())),
      people_(v1::SweepService::NewStub(grpc::CreateChannel(
          recorder_.address(), caller_credentials(cluster_.security(), Security::kSubmitterToken)))) {}

void RecordedCluster::start_coordinator() {
  cluster_.start_coordinator();
  recorder_.lead_to(cluster_.coordinator_port());
}

Process& RecordedCluster::start_worker(const std::string& name, int slots) {
  auto& relay = relays_[name];
  if (relay == nullptr) relay = std::make_unique<LossyProxy>();
  reconnect(name);
  return cluster_.start_worker(name, slots, {.options = {}, .environment = {}, .coordinator = relay->address()});
}

void RecordedCluster::cut_off(const std::string& worker) {
  relays_.at(worker)->lead_to(0);
  relays_.at(worker)->cut();
}

std::int64_t RecordedCluster::submit(const std::string& name, int seeds, int first_seed) {
  v1::SubmitRequest request;
  request.mutable_sweep()->set_yaml(scripted_sweep(name, seeds, first_seed));
  request.mutable_sweep()->set_file_name(name + ".yaml");
  request.set_request_id(random_hex_128());
  return ask(&People::Submit, request).sweep_id();
}

v1::StateCounts RecordedCluster::counts() {
  v1::StateCounts sum;
  v1::ListRequest request;
  request.set_limit(10'000);
  const v1::ListReply listed = ask(&People::List, request);
  for (const v1::SweepSummary& sweep : listed.sweeps()) {
    const v1::StateCounts& counts = sweep.counts();
    sum.set_queued(sum.queued() + counts.queued());
    sum.set_running(sum.running() + counts.running());
    sum.set_backoff(sum.backoff() + counts.backoff());
    sum.set_paused(sum.paused() + counts.paused());
    sum.set_succeeded(sum.succeeded() + counts.succeeded());
    sum.set_failed(sum.failed() + counts.failed());
    sum.set_cancelled(sum.cancelled() + counts.cancelled());
  }
  return sum;
}

std::vector<history::Call> RecordedCluster::history() const { return history::calls_of(recorder_.calls()); }

bool RecordedCluster::may_pass(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return true;
    default:
      return false;
  }
}

}  // namespace oodml::testing
