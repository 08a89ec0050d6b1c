#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/identity.h"
#include "core/job/trial_spec.h"

namespace oodml::job {

/// The right to run one trial, held by one worker until it runs out.
struct Lease {
  TrialId trial;
  AttemptEpoch attempt = 0;
  LeaseId id;
  friend bool operator==(const Lease&, const Lease&) = default;
};

/// What a worker gets with a lease.
struct LeasedTrial {
  Lease lease;
  TrialSpec spec;
  std::string fingerprint;
  Duration term{};             ///< How long the lease lasts without a heartbeat.
  /// Attempts before this one that may have left a checkpoint on this worker's disk, newest first.
  std::vector<AttemptEpoch> earlier_attempts;
};

/// One place for a trial on a worker.
struct Slot {
  std::string name;            ///< cpu:0, cuda:1; unique on the worker.
  std::string device;          ///< cpu, cuda:1, or several for trials with replicas: cuda:0,cuda:1
  std::int64_t threads = 1;    ///< CPU threads a trial may use here.
  std::int64_t memory_mib = 0; ///< Memory of each device; 0 when unknown.
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// A benchmark that a worker has on disk.
struct BenchmarkOnDisk {
  std::string name;
  std::vector<std::string> split_ids;  ///< From its split file; empty when it has none. `default` needs none.
  friend bool operator==(const BenchmarkOnDisk&, const BenchmarkOnDisk&) = default;
};

struct WorkerInfo {
  WorkerId id;
  std::string host;
  std::string version;
  std::vector<Slot> slots;
  std::vector<BenchmarkOnDisk> benchmarks;
  DataStamps data;  ///< Of what it has on disk, as far as it has been hashed.
  friend bool operator==(const WorkerInfo&, const WorkerInfo&) = default;
};

/// What a heartbeat brings back for one lease.
enum class Directive { kContinue, kCancel, kStop, kFenced };

/// Empty when `worker` can run the trial on `slot`; otherwise why not, for people:
/// "no benchmark cub200 on disk (has fashion_mnist)", "wants 4 CPU threads, slot cpu:0 has 1".
std::string why_not(const TrialSpec& spec, const WorkerInfo& worker, const Slot& slot);

}  // namespace oodml::job
