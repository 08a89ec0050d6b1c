#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/lease.h"

namespace oodml::worker {

/// One device as `oodml-core probe --json` reports it.
struct Device {
  std::string name;             ///< cpu, cuda:0
  std::int64_t threads = 0;     ///< Of the cpu.
  std::int64_t memory_mib = 0;  ///< Of a CUDA device.
  std::string model;            ///< Its make: NVIDIA H200; empty: unknown.
  std::string uuid;             ///< Of a GPU; empty: unknown.
  std::string fault;            ///< Why it did not work when it was exercised; empty: it did, or was not.
  friend bool operator==(const Device&, const Device&) = default;
};

/// {"version": 1, "devices": [{"name": "cpu", "threads": 8, "model": "AMD EPYC 9654"},
///                            {"name": "cuda:0", "memory_mib": 143771, "model": "NVIDIA H200", "uuid": "GPU-8f4c..."}]}
Result<std::vector<Device>> parse_probe(const std::string& json);

struct ProbeWishes {
  std::optional<std::string> visible;  ///< CUDA_VISIBLE_DEVICES; nullopt: as this process has it.
  bool exercise = false;               ///< Whether each device has to compute something.
};

/// Runs `core probe --json` and reads its answer; it is killed after `at_most`.
Result<std::vector<Device>> probe_devices(const std::filesystem::path& core, Duration at_most,
                                          const ProbeWishes& wishes = {});

/// Whether the GPUs with these UUIDs compute, by such a probe.
Status exercise_gpus(const std::filesystem::path& core, Duration at_most, const std::vector<std::string>& uuids);

/// kFailedPrecondition when a device of the slot is not among them.
Status check_devices(const job::Slot& slot, const std::vector<Device>& devices);

struct SlotWishes {
  std::optional<std::int64_t> cpu_slots;         ///< Default: one when there is no CUDA device, else none.
  std::optional<std::int64_t> threads_per_slot;  ///< Default: all threads, divided among the slots.
  std::int64_t gpus_per_slot = 1;                ///< For trials with so many replicas.
};

/// A slot for every gpus_per_slot CUDA devices (what is left over makes a smaller one), and the CPU slots wished for:
/// cuda:0, cuda:1, cpu:0, ... or, two a slot, "cuda:0,cuda:1". A slot of devices of several makes has none. A MIG
/// device has a slot of its own, as no process can use two.
Result<std::vector<job::Slot>> plan_slots(const std::vector<Device>& devices, const SlotWishes& wishes);

}  // namespace oodml::worker
