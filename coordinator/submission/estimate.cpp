#include "coordinator/submission/estimate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "coordinator/store/speed_table.h"
#include "core/base/counted.h"

namespace oodml::coordinator::submission {
namespace {

constexpr double kSecondsAnHour = 3600;
constexpr std::size_t kMostUnknown = 10;

/// Slots of workers that take trials, by worker.
std::map<std::string, std::int64_t> slots_of(const std::vector<WorkerView>& workers) {
  std::map<std::string, std::int64_t> slots;
  for (const WorkerView& worker : workers) {
    if (worker.connected && worker.state == "ready" && !worker.info.slots.empty())
      slots[worker.info.id.value] = std::ssize(worker.info.slots);
  }
  return slots;
}

/// Seconds of an epoch, by worker, and how many attempts say so.
struct Measured {
  std::map<std::string, double> by_worker;
  std::int64_t attempts = 0;
};

/// Of the kind itself, or by its network's steps on other data.
Measured measured(store::Connection& database, const store::Kind& kind, const std::vector<store::Speed>& speeds) {
  Measured result;
  for (const store::Speed& speed : speeds) {
    if (speed.kind != kind) continue;
    result.by_worker[speed.worker] = speed.seconds_per_epoch;
    result.attempts += speed.attempts;
  }
  if (!result.by_worker.empty() || kind.batch == 0) return result;
  const auto images = store::images_per_epoch(database, kind.data);
  if (!images) return result;
  std::map<std::string, std::pair<double, double>> steps;  // by worker: seconds of a step, weighed by attempts
  for (const store::Speed& speed : speeds) {
    if (!speed.seconds_per_step) continue;
    const auto weight = static_cast<double>(speed.attempts);
    steps[speed.worker].first += weight * *speed.seconds_per_step;
    steps[speed.worker].second += weight;
    result.attempts += speed.attempts;
  }
  for (const auto& [worker, sum] : steps)
    result.by_worker[worker] = sum.first / sum.second * *images / static_cast<double>(kind.batch);
  return result;
}

/// The mean over the slots there are, as far as they have run such a trial; else over all workers that have.
double seconds_on(const std::map<std::string, std::int64_t>& slots, const Measured& speeds) {
  double sum = 0, weights = 0, all = 0;
  for (const auto& [worker, seconds] : speeds.by_worker) {
    all += seconds;
    const auto here = slots.find(worker);
    if (here == slots.end()) continue;
    sum += seconds * static_cast<double>(here->second);
    weights += static_cast<double>(here->second);
  }
  return weights > 0 ? sum / weights : all / static_cast<double>(speeds.by_worker.size());
}

}  // namespace

Estimate estimate(store::Connection& database, const store::Work& work, const std::vector<WorkerView>& workers) {
  const auto slots = slots_of(workers);
  std::map<std::string, std::vector<store::Speed>> speeds;  // by network
  std::set<std::string> unknown;
  Estimate result;
  double seconds = 0, longest = 0;
  std::int64_t attempts = 0;
  for (const auto& [kind, open] : work) {
    const auto [known, is_new] = speeds.try_emplace(kind.network);
    if (is_new) known->second = store::speeds_of(database, kind.network);
    const Measured found = measured(database, kind, known->second);
    if (found.by_worker.empty()) {
      result.unknown_trials += open.trials;
      unknown.insert(kind.network + " on " + kind.data.substr(0, kind.data.find(' ')));
      continue;
    }
    const double epoch = seconds_on(slots, found);
    result.known_trials += open.trials;
    seconds += epoch * static_cast<double>(open.epochs);
    longest = std::max(longest, epoch * static_cast<double>(open.longest));
    attempts += found.attempts;
  }
  std::int64_t all_slots = 0;
  for (const auto& [worker, count] : slots) all_slots += count;
  result.slot_hours = seconds / kSecondsAnHour;
  if (all_slots > 0) result.wall_hours = std::max(seconds / static_cast<double>(all_slots), longest) / kSecondsAnHour;
  for (const std::string& kind : unknown) {
    if (result.unknown.size() < kMostUnknown) result.unknown.push_back(kind);
  }
  if (unknown.size() > kMostUnknown)
    result.unknown.push_back(std::to_string(unknown.size() - kMostUnknown) + " more kinds");
  if (result.known_trials > 0) {
    result.from.push_back(counted(attempts, "attempt") + " of like trials");
    result.from.push_back(counted(all_slots, "connected slot"));
  }
  return result;
}

}  // namespace oodml::coordinator::submission
