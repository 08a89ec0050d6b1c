#include "core/job/lease.h"

#include <algorithm>

namespace oodml::job {
namespace {

template <typename Range, typename Name>
std::string list_or_none(const Range& range, Name name) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + name(item);
  return text.empty() ? "none" : text;
}

/// The benchmarks it reads.
std::vector<std::string> benchmarks_of(const TrialSpec& spec) {
  std::vector<std::string> names = {spec.benchmark()};
  const Value* tested = spec.values.find("test_benchmark");
  if (tested != nullptr && *tested != Value(std::string("none"))) names.push_back(std::get<std::string>(*tested));
  return names;
}

}  // namespace

std::string why_not(const TrialSpec& spec, const WorkerInfo& worker, const Slot& slot) {
  const auto on_disk = [&](const std::string& name) {
    return std::ranges::find(worker.benchmarks, name, &BenchmarkOnDisk::name);
  };
  for (const std::string& name : benchmarks_of(spec)) {
    if (on_disk(name) != worker.benchmarks.end()) continue;
    return "no benchmark " + name + " on disk (has " +
           list_or_none(worker.benchmarks, [](const BenchmarkOnDisk& b) { return b.name; }) + ")";
  }
  const auto& ids = on_disk(spec.benchmark())->split_ids;
  if (spec.split() != "default" && std::find(ids.begin(), ids.end(), spec.split()) == ids.end()) {
    return "its split file of " + spec.benchmark() + " has no split " + spec.split() + " (has " +
           list_or_none(ids, [](const std::string& id) { return id; }) + ")";
  }
  const std::int64_t replicas = spec.values.integer("replicas");
  const std::int64_t threads = spec.values.integer("cpu_threads") * replicas;
  if (slot.device == "cpu" && threads > slot.threads) {
    return "wants " + std::to_string(threads) + " CPU threads, slot " + slot.name + " has " +
           std::to_string(slot.threads);
  }
  const auto devices = 1 + std::count(slot.device.begin(), slot.device.end(), ',');
  if (slot.device != "cpu" && replicas > devices) {
    return "wants " + std::to_string(replicas) + " GPUs for its replicas, slot " + slot.name + " has " +
           std::to_string(devices);
  }
  return "";
}

}  // namespace oodml::job
