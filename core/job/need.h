#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "core/job/lease.h"

namespace oodml::job {

/// People's own code that a trial runs (modules of PyTorch): none, from the worker's own folder, or files that travel
/// with its sweep. The numbers stand in databases.
enum class Scripts { kNone = 0, kOnWorker = 1, kTravel = 2 };

/// What decides where a trial can run.
struct Need {
  std::string benchmark;
  std::string split = "default";  ///< An id of the benchmark's split file, or default.
  std::string test_benchmark;     ///< Whose default test set it is tested on; empty: its own.
  std::string weights;            ///< Name of the file with its initial weights, without ending; empty: none.
  std::int64_t cpu_threads = 1;   ///< Of each replica, on a CPU.
  std::int64_t replicas = 1;
  std::int64_t gpu_memory_mib = 0;  ///< Of each GPU it runs on; 0: any.
  std::string program;              ///< Of people's own that runs it; empty: the core.
  Scripts scripts = Scripts::kNone;
  friend auto operator<=>(const Need&, const Need&) = default;
};

/// Empty when `worker` has what the trial needs and `slot` is large enough and not set aside; otherwise why not, for
/// people: "no benchmark cub200 on disk (has fashion_mnist)", "wants 4 CPU threads, slot cpu:0 has 1".
std::string why_not(const Need& need, const WorkerInfo& worker, const Slot& slot);

}  // namespace oodml::job
