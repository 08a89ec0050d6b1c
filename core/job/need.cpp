#include "core/job/need.h"

#include <algorithm>

#include "core/base/words.h"

namespace oodml::job {
namespace {

std::string list_or_none(const std::vector<std::string>& names) { return names.empty() ? "none" : joined(names); }

std::vector<std::string> names_of(const std::vector<BenchmarkOnDisk>& benchmarks) {
  std::vector<std::string> names;
  for (const BenchmarkOnDisk& benchmark : benchmarks) names.push_back(benchmark.name);
  return names;
}

std::string missing_on_disk(const Need& need, const WorkerInfo& worker) {
  const auto on_disk = [&](const std::string& name) {
    return std::ranges::find(worker.benchmarks, name, &BenchmarkOnDisk::name);
  };
  for (const std::string& name : {need.benchmark, need.test_benchmark}) {
    if (name.empty() || on_disk(name) != worker.benchmarks.end()) continue;
    return "no benchmark " + name + " on disk (has " + list_or_none(names_of(worker.benchmarks)) + ")";
  }
  const auto& ids = on_disk(need.benchmark)->split_ids;
  if (need.split != "default" && std::ranges::find(ids, need.split) == ids.end()) {
    return "its split file of " + need.benchmark + " has no split " + need.split + " (has " + list_or_none(ids) + ")";
  }
  if (!need.weights.empty() && std::ranges::find(worker.weights, need.weights) == worker.weights.end()) {
    return "no weights " + need.weights + " below its weights root (has " + list_or_none(worker.weights) + ")";
  }
  return "";
}

std::string missing_scripts(Scripts scripts, const WorkerInfo& worker) {
  if (scripts == Scripts::kNone) return "";
  if (!worker.runs_scripts && !worker.fetches_scripts) return "it runs no scripts (started without --allow-scripts)";
  if (scripts == Scripts::kTravel && !worker.fetches_scripts) {
    return "it runs scripts of its own folder alone, and is too old to fetch those that travel with a sweep";
  }
  if (scripts == Scripts::kOnWorker && !worker.runs_scripts) {
    return "it has no folder of scripts (--allow-scripts DIR), and those of this trial did not travel with its sweep";
  }
  return "";
}

std::string missing_program(const Need& need, const WorkerInfo& worker) {
  if (std::string missing = missing_scripts(need.scripts, worker); !missing.empty()) return missing;
  if (need.program.empty()) return "";
  std::vector<std::string> names;
  for (const ProgramOffer& program : worker.programs) names.push_back(program.name);
  if (std::ranges::find(names, need.program) != names.end()) return "";
  return "no program " + need.program + " (has " + list_or_none(names) + ")";
}

std::string too_small_a_cpu(const Need& need, const Slot& slot) {
  const std::int64_t threads = need.cpu_threads * need.replicas;
  if (threads <= slot.threads) return "";
  return "wants " + std::to_string(threads) + " CPU threads, slot " + slot.name + " has " +
         std::to_string(slot.threads);
}

std::string too_small_a_gpu(const Need& need, const Slot& slot) {
  const auto devices = 1 + std::count(slot.device.begin(), slot.device.end(), ',');
  if (need.replicas > devices) {
    return "wants " + std::to_string(need.replicas) + " GPUs for its replicas, slot " + slot.name + " has " +
           std::to_string(devices);
  }
  if (slot.memory_mib > 0 && need.gpu_memory_mib > slot.memory_mib) {
    return "wants " + std::to_string(need.gpu_memory_mib) + " MiB of GPU memory, slot " + slot.name + " has " +
           std::to_string(slot.memory_mib);
  }
  return "";
}

}  // namespace

std::string why_not(const Need& need, const WorkerInfo& worker, const Slot& slot) {
  if (std::string missing = missing_on_disk(need, worker); !missing.empty()) return missing;
  if (std::string missing = missing_program(need, worker); !missing.empty()) return missing;
  const std::string small = slot.device == "cpu" ? too_small_a_cpu(need, slot) : too_small_a_gpu(need, slot);
  return small.empty() && !slot.set_aside.empty() ? "slot " + slot.name + " takes no trial: " + slot.set_aside : small;
}

}  // namespace oodml::job
