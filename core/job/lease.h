#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/identity.h"
#include "core/job/script_file.h"
#include "core/job/stored_file.h"
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
  Duration term{};  ///< How long the lease lasts without a heartbeat.
  /// Attempts before this one that may have left a checkpoint on this worker's disk, newest first.
  std::vector<AttemptEpoch> earlier_attempts;
  /// What an earlier attempt of this run uploaded last; a newer checkpoint on the worker's own disk goes before it.
  std::optional<ResumeFrom> resume_from;
  /// Files of code that it runs and that came with its sweep; the coordinator has their contents.
  std::vector<ScriptFile> scripts;
  /// Of a program of somebody's own: its file and the data that earlier attempts of this run found; empty: none said.
  DataStamps run_data;
};

/// What run folders take on a worker's disk.
struct DiskUse {
  std::int64_t runs_bytes = 0;
  std::int64_t runs = 0;        ///< Folders of trials.
  std::int64_t free_bytes = 0;  ///< Of that disk.
  friend bool operator==(const DiskUse&, const DiskUse&) = default;
};

/// A lease as its worker names it when it registers: with the fingerprint, a coordinator whose database was restored
/// from a backup older than the lease can tell that the trial is the same and take the attempt up again.
struct HeldLease {
  Lease lease;
  std::string fingerprint;  ///< Of the trial; empty when it is not known any more.
  std::string slot;         ///< That runs it, by name.
  friend bool operator==(const HeldLease&, const HeldLease&) = default;
};

/// One place for a trial on a worker.
struct Slot {
  std::string name;               ///< cpu:0, cuda:1; unique on the worker.
  std::string device;             ///< cpu, cuda:1, or several for trials with replicas: cuda:0,cuda:1
  std::int64_t threads = 1;       ///< CPU threads a trial may use here.
  std::int64_t memory_mib = 0;    ///< Memory of each device; 0 when unknown.
  std::string model;              ///< Of its device: NVIDIA H200; empty when unknown. Speeds are told apart by it.
  std::vector<std::string> gpus;  ///< UUIDs of its GPUs or MIG devices, in the order of `device`; empty when unknown.
  std::string
      set_aside;  ///< Why it is given no trial now, for people: others use its GPU, or it is broken. Empty: it is.
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// A benchmark that a worker has on disk.
struct BenchmarkOnDisk {
  std::string name;
  std::vector<std::string> split_ids;  ///< From its split file; empty when it has none. `default` needs none.
  friend bool operator==(const BenchmarkOnDisk&, const BenchmarkOnDisk&) = default;
};

/// A program of people's own that a worker starts for trials with `program: NAME`. The command line is the worker's.
struct ProgramOffer {
  std::string name;
  std::map<std::string, std::string> keys;  ///< Declared parameters and their types; empty: any.
  friend bool operator==(const ProgramOffer&, const ProgramOffer&) = default;
};

struct WorkerInfo {
  WorkerId id;
  std::string host;
  std::string version;
  std::vector<Slot> slots;
  std::vector<BenchmarkOnDisk> benchmarks;
  std::vector<std::string> weights;  ///< Initial weights below its weights root: resnet50-imagenet. Sorted.
  /// Why it takes no trial now, for people: a full disk, or trials that failed there one after the other. Empty: it
  /// does. A trial that it asks for all the same is to show whether the machine is whole again.
  std::string set_aside;
  DataStamps data;              ///< Of what it has on disk, as far as it has been hashed.
  std::optional<DiskUse> disk;  ///< nullopt: not measured yet.
  std::vector<ProgramOffer> programs;
  bool runs_scripts = false;     ///< It runs people's own code (modules of PyTorch) from a folder of its own.
  bool fetches_scripts = false;  ///< It runs such code that travels with sweeps.
  std::optional<Time> ends_at;   ///< When the cluster's own scheduler ends it; nullopt: nobody does.
  friend bool operator==(const WorkerInfo&, const WorkerInfo&) = default;
};

/// What a heartbeat brings back for one lease.
enum class Directive { kContinue, kCancel, kStop, kFenced };

}  // namespace oodml::job
