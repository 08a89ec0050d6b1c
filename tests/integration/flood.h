#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/integration/stub_worker.h"

namespace oodml::testing {

/// A worker that pushes events of one attempt as fast as it can and does not wait for the answers: so many batches are
/// always on their way. What was refused it says again, at once.
class Flood {
 public:
  Flood(const CoordinatorProcess& coordinator, std::string worker, v1::Lease lease, int batch, int batches_under_way);
  ~Flood() { stop(); }
  void stop();

  /// Up to here all is on the coordinator's disk.
  std::int64_t durable() const { return durable_; }
  /// Batches refused as too much, with and without the hint when to come again.
  int refused_with_hint() const { return with_hint_; }
  int refused_without_hint() const { return without_hint_; }

 private:
  struct Batch;
  void run();
  void send(std::int64_t first_sequence);
  void take(const Batch& batch, const grpc::Status& status);

  const std::unique_ptr<v1::WorkerService::Stub> stub_;  // on a connection of its own, as any worker's
  const std::string worker_;
  const v1::Lease lease_;
  const int batch_, most_under_way_;
  std::atomic<std::int64_t> durable_{0};
  std::atomic<int> with_hint_{0}, without_hint_{0};
  std::mutex mutex_;  // guards all below but the thread
  std::condition_variable changed_;
  int under_way_ = 0;
  bool refused_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::testing
