#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/integration/coordinator_process.h"

namespace oodml::testing {

/// A worker without trials, played by the test: one call each, as it likes. Safe from any thread.
class StubWorker {
 public:
  /// Registers with slots cpu:0, cpu:1, ... Throws std::runtime_error when it is refused.
  StubWorker(CoordinatorProcess& coordinator, std::string id, int slots);

  const std::string& id() const { return id_; }
  /// A trial for the slot, or nothing within about `wait`.
  std::optional<v1::Lease> acquire(int slot, std::chrono::milliseconds wait = std::chrono::seconds(5));
  grpc::Status heartbeat(const std::vector<v1::Lease>& leases, v1::HeartbeatReply* reply);
  /// `count` metrics from `first_sequence` on, each of an epoch of its own.
  grpc::Status push(const v1::Lease& lease, std::int64_t first_sequence, int count);
  grpc::Status finish(const v1::Lease& lease, const std::string& outcome, std::int64_t last_sequence);

  static v1::PushEventsRequest metrics(const std::string& worker, const v1::Lease& lease, std::int64_t first_sequence,
                                       int count);

 private:
  CoordinatorProcess& coordinator_;
  const std::string id_;
};

}  // namespace oodml::testing
