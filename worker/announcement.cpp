#include "worker/announcement.h"

#include <algorithm>
#include <vector>

#include "core/job/limits.h"

namespace oodml::worker {
namespace {

using job::BenchmarkOnDisk;

constexpr std::size_t kMaxIds = job::kMaxSplitIds;
constexpr std::size_t kShown = 3;

/// On the wire, a little more than it takes: each text comes with its length and the number of its field.
std::size_t bytes_of(const BenchmarkOnDisk& benchmark) {
  constexpr std::size_t kAround = 8, kOther = 1024;
  std::size_t bytes = benchmark.name.size() + kOther;
  for (const std::string& id : benchmark.split_ids) bytes += id.size() + kAround;
  return bytes;
}

std::string cut_ids(std::vector<BenchmarkOnDisk>& benchmarks) {
  std::string text;
  for (BenchmarkOnDisk& benchmark : benchmarks) {
    if (benchmark.split_ids.size() <= kMaxIds) continue;
    text += std::to_string(benchmark.split_ids.size() - kMaxIds) + " of " + std::to_string(benchmark.split_ids.size()) +
            " split ids of " + benchmark.name + ", those after " + benchmark.split_ids[kMaxIds - 1] +
            " (spread them over several benchmarks); ";
    benchmark.split_ids.resize(kMaxIds);
  }
  return text;
}

/// The benchmarks that fit, by name; the others' names go to `left_out`.
std::vector<BenchmarkOnDisk> fitting(std::vector<BenchmarkOnDisk> all, std::vector<std::string>& left_out) {
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(all.begin(), all.end(), by_name);
  std::stable_partition(all.begin(), all.end(), [](const auto& benchmark) { return !benchmark.split_ids.empty(); });
  std::vector<BenchmarkOnDisk> kept;
  std::size_t bytes = 0;
  for (BenchmarkOnDisk& benchmark : all) {
    const std::size_t more = bytes_of(benchmark);
    if (kept.size() < job::kMaxBenchmarks && bytes + more <= job::kMaxAnnouncedBytes) {
      bytes += more;
      kept.push_back(std::move(benchmark));
    } else {
      left_out.push_back(std::move(benchmark.name));
    }
  }
  std::sort(kept.begin(), kept.end(), by_name);
  std::sort(left_out.begin(), left_out.end());
  return kept;
}

/// The first by name.
std::string cut_weights(std::vector<std::string>& weights) {
  if (weights.size() <= job::kMaxWeights) return "";
  const std::string text = std::to_string(weights.size() - job::kMaxWeights) + " of " + std::to_string(weights.size()) +
                           " files of weights, from " + weights[job::kMaxWeights] +
                           " on (does --weights-root hold more than initial weights?); ";
  weights.resize(job::kMaxWeights);
  return text;
}

/// The first in their order.
std::string cut_stamps(job::DataStamps& stamps) {
  constexpr std::size_t kAround = 12;
  const std::size_t all = stamps.size();
  std::size_t kept = 0, bytes = 0;
  auto end = stamps.begin();
  for (; end != stamps.end() && kept < job::kMaxStamps; ++end, ++kept) {
    bytes += end->first.size() + end->second.size() + kAround;
    if (bytes > job::kMaxAnnouncedBytes) break;
  }
  if (end == stamps.end()) return "";
  stamps.erase(end, stamps.end());
  return std::to_string(all - kept) + " of " + std::to_string(all) +
         " hashes of data (of what they are of nobody can say whether it changed); ";
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return text + (names.size() > kShown ? ", ..." : "");
}

}  // namespace

Announcement announcement_of(job::WorkerInfo worker) {
  Announcement announcement{.worker = std::move(worker), .left_out = ""};
  std::vector<BenchmarkOnDisk>& benchmarks = announcement.worker.benchmarks;
  announcement.left_out = cut_ids(benchmarks);
  const std::size_t all = benchmarks.size();
  std::vector<std::string> left_out;
  benchmarks = fitting(std::move(benchmarks), left_out);
  if (!left_out.empty()) {
    announcement.left_out +=
        std::to_string(left_out.size()) + " of " + std::to_string(all) + " benchmark folders, " + list_of(left_out) +
        " (does --benchmarks-root hold more than benchmarks? those with a split file come first); ";
  }
  announcement.left_out += cut_weights(announcement.worker.weights) + cut_stamps(announcement.worker.data);
  if (!announcement.left_out.empty()) announcement.left_out.resize(announcement.left_out.size() - 2);
  return announcement;
}

}  // namespace oodml::worker
