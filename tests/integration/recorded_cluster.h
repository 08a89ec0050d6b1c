#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "oodml/v1/sweeps.grpc.pb.h"
#include "tests/integration/cluster.h"
#include "tests/integration/history/call.h"
#include "tests/support/recording_proxy.h"

namespace oodml::testing {

/// A Cluster whose every call is recorded. Each worker reaches the coordinator through a relay of its own, so that its
/// line alone can be cut.
class RecordedCluster {
 public:
  RecordedCluster(std::filesystem::path folder, const std::string& script, ClusterTerms terms = {});

  Cluster& cluster() { return cluster_; }
  RecordingProxy& recorder() { return recorder_; }

  void start_coordinator();
  Process& start_worker(const std::string& name, int slots = 1);
  void cut(const std::string& worker) { relays_.at(worker)->cut(); }
  /// Until reconnect() whatever the worker sends is refused.
  void cut_off(const std::string& worker);
  void reconnect(const std::string& worker) { relays_.at(worker)->lead_to(recorder_.port()); }

  using People = v1::SweepService::Stub;
  /// Asks as a person's program does: again with the same request until there is an answer. Throws std::runtime_error
  /// after two minutes, or when the answer is a refusal. From any thread.
  template <typename Request, typename Reply>
  Reply ask(grpc::Status (People::*method)(grpc::ClientContext*, const Request&, Reply*), const Request& request) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    for (;;) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
      context.set_wait_for_ready(true);
      Reply reply;
      const grpc::Status status = (*people_.*method)(&context, request, &reply);
      if (status.ok()) return reply;
      if (!may_pass(status) || std::chrono::steady_clock::now() > end) throw std::runtime_error(status.error_message());
    }
  }
  /// A sweep of scripted_sweep; its id.
  std::int64_t submit(const std::string& name, int seeds, int first_seed = 0);
  /// Of all sweeps together.
  v1::StateCounts counts();

  std::vector<history::Call> history() const;

 private:
  static bool may_pass(const grpc::Status& status);

  Cluster cluster_;
  RecordingProxy recorder_;
  std::map<std::string, std::unique_ptr<LossyProxy>> relays_;
  std::unique_ptr<People> people_;
};

}  // namespace oodml::testing
