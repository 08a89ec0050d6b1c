#include "coordinator/submission/estimate.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "coordinator/store/speed_table.h"
#include "core/base/counted.h"

namespace oodml::coordinator::submission {
namespace {

constexpr double kSecondsAnHour = 3600;
constexpr std::size_t kMostUnknown = 10;

/// Devices of one make of a worker; an empty make is unknown.
struct Place {
  std::string worker, model;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Slots of workers that take trials.
std::map<Place, std::int64_t> slots_of(const std::vector<WorkerView>& workers) {
  std::map<Place, std::int64_t> slots;
  for (const WorkerView& worker : workers) {
    if (!worker.connected || worker.state != "ready") continue;
    for (const job::Slot& slot : worker.info.slots) ++slots[{worker.info.id.value, slot.model}];
  }
  return slots;
}

/// Seconds of an epoch, and how many attempts say so.
struct Measured {
  std::map<Place, double> at;
  std::int64_t attempts = 0;
};

/// Of the kind itself, or by its network's steps on other data.
Measured measured(store::Connection& database, const store::Kind& kind, const std::vector<store::Speed>& speeds) {
  Measured result;
  for (const store::Speed& speed : speeds) {
    if (speed.kind != kind) continue;
    result.at[{speed.worker, speed.model}] = speed.seconds_per_epoch;
    result.attempts += speed.attempts;
  }
  if (!result.at.empty() || kind.batch == 0) return result;
  const auto images = store::images_per_epoch(database, kind.data);
  if (!images) return result;
  std::map<Place, std::pair<double, double>> steps;  // seconds of a step, weighed by attempts
  for (const store::Speed& speed : speeds) {
    if (!speed.seconds_per_step) continue;
    const auto weight = static_cast<double>(speed.attempts);
    auto& [sum, weights] = steps[{speed.worker, speed.model}];
    sum += weight * *speed.seconds_per_step;
    weights += weight;
    result.attempts += speed.attempts;
  }
  for (const auto& [place, sum] : steps)
    result.at[place] = sum.first / sum.second * *images / static_cast<double>(kind.batch);
  return result;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// What was measured on these very devices; else on the worker before it told their make; else on others of the make.
std::optional<double> seconds_at(const Place& place, const Measured& speeds) {
  for (const Place& known : {place, Place{place.worker, ""}}) {
    if (const auto found = speeds.at.find(known); found != speeds.at.end()) return found->second;
  }
  std::vector<double> alike;
  for (const auto& [other, seconds] : speeds.at) {
    if (!place.model.empty() && other.model == place.model) alike.push_back(seconds);
  }
  return alike.empty() ? std::nullopt : std::optional(mean(alike));
}

/// The mean over the slots there are, as far as they or their like have run such a trial; else over all that have.
double seconds_on(const std::map<Place, std::int64_t>& slots, const Measured& speeds) {
  double sum = 0, weights = 0;
  for (const auto& [place, count] : slots) {
    const auto seconds = seconds_at(place, speeds);
    if (!seconds) continue;
    sum += *seconds * static_cast<double>(count);
    weights += static_cast<double>(count);
  }
  if (weights > 0) return sum / weights;
  std::vector<double> all;
  for (const auto& [place, seconds] : speeds.at) all.push_back(seconds);
  return mean(all);
}

void add_checkpoints(store::Connection& database, const store::Kind& kind, const store::KindWork& open,
                     Estimate& result) {
  const std::int64_t bytes = store::checkpoint_bytes(database, kind.network);
  if (bytes == 0 && open.checkpoints > 0) return;
  result.checkpoint_bytes += bytes * open.checkpoints;
  result.sized_trials += open.trials;
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
    add_checkpoints(database, kind, open, result);
    const Measured found = measured(database, kind, known->second);
    if (found.at.empty()) {
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
  for (const auto& [place, count] : slots) all_slots += count;
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
