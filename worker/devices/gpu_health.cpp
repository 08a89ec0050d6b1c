#include "worker/devices/gpu_health.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/counted.h"
#include "core/base/words.h"
#include "worker/devices/gpu_faults.h"

namespace oodml::worker {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxFile = 1 << 20;
constexpr std::int64_t kMemoryStep = 256;  // MiB in which it is announced, so that a few more or less are no news
constexpr std::size_t kShownProcesses = 8;
constexpr std::size_t kShownMessage = 300;

/// What those hold whose figures are known; nullopt when one of them is not.
std::optional<std::int64_t> memory_of(const Gpu& gpu, const std::set<pid_t>& processes) {
  std::int64_t all = 0;
  for (const GpuProcess& process : gpu.processes) {
    if (!processes.contains(process.pid)) continue;
    if (!process.memory_mib) return std::nullopt;
    all += *process.memory_mib;
  }
  return all;
}

/// "process 4711", "processes 4711, 4712".
std::string in_words(const std::set<pid_t>& processes) {
  std::vector<std::string> numbers;
  for (const pid_t pid : processes) {
    if (numbers.size() == kShownProcesses) {
      numbers.emplace_back("...");
      break;
    }
    numbers.push_back(std::to_string(pid));
  }
  return (processes.size() == 1 ? "process " : "processes ") + joined(numbers);
}

bool may_be_the_gpus(job::Outcome outcome) {
  return outcome == job::Outcome::kMachine || outcome == job::Outcome::kInfrastructure ||
         outcome == job::Outcome::kCrashed;
}

}  // namespace

GpuHealth::GpuHealth(std::unique_ptr<GpuMonitor> monitor, const Clock& clock, GpuTerms terms,
                     const std::vector<job::Slot>& slots)
    : monitor_(std::move(monitor)), clock_(clock), terms_(std::move(terms)) {
  for (const job::Slot& slot : slots) {
    for (const std::string& uuid : slot.gpus) known_[uuid].repair_pending = terms_.retry;
  }
  if (!terms_.retry) load();
  look();
  const std::lock_guard lock(mutex_);
  if (terms_.retry) save_locked();
}

/// Of what an earlier life set aside, only GPUs that are this worker's count.
void GpuHealth::load() {
  const auto text = terms_.file.empty() ? Result<std::string>("") : read_file(terms_.file, kMaxFile);
  if (!text.has_value() && text.error().code() != StatusCode::kNotFound)
    spdlog::error("which GPUs were set aside is not known error={}", text.error().message());
  const json saved = json::parse(text.value_or(""), nullptr, false);
  if (!saved.is_object() || !saved.contains("set_aside") || !saved["set_aside"].is_object()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& [uuid, why] : saved["set_aside"].items()) {
    const auto found = known_.find(uuid);
    if (found == known_.end() || !why.is_string()) continue;
    found->second.broken = why.get<std::string>();
    spdlog::warn("GPU stays set aside, --retry-devices would use it again gpu={} reason={}", uuid,
                 found->second.broken);
  }
}

void GpuHealth::save_locked() const {
  if (terms_.file.empty()) return;
  json all = json::object();
  for (const auto& [uuid, known] : known_) {
    if (!known.broken.empty()) all[uuid] = known.broken;
  }
  const std::string text = json{{"version", 1}, {"set_aside", all}}.dump(2, ' ', false, json::error_handler_t::replace);
  if (const Status written = write_file_atomically(terms_.file, text + "\n"); !written.ok())
    spdlog::error("which GPUs are set aside is kept in memory only error={}", written.message());
}

void GpuHealth::look() {
  const Result<std::vector<Gpu>> gpus = monitor_->read();
  const std::lock_guard lock(mutex_);
  if (!std::exchange(silent_, "").empty()) spdlog::info("the driver answers again");
  const std::string problem = gpus.has_value() ? "" : gpus.error().message();
  if (std::exchange(problem_, problem) != problem && !problem.empty())
    spdlog::warn("how the GPUs are is not known now error={}", problem);
  if (!gpus.has_value()) return;
  for (auto& [uuid, known] : known_) {
    const auto found = std::ranges::find(*gpus, uuid, &Gpu::uuid);
    take_locked(uuid, known, found == gpus->end() ? nullptr : &*found);
  }
}

void GpuHealth::note_silence(Duration silent) {
  const std::lock_guard lock(mutex_);
  if (!silent_.empty()) return;
  silent_ = "the driver has not said for " + std::to_string(silent.count() / 1000) + " s how it is, since " +
            to_iso8601(clock_.now());
  spdlog::error("no GPU is given a trial: {}", silent_);
}

void GpuHealth::take_locked(const std::string& uuid, Known& known, const Gpu* now) {
  if (now == nullptr || now->lost) {
    return condemn_locked(uuid, known,
                          now == nullptr ? "the driver does not show it any more" : "it has fallen off the bus");
  }
  const std::int64_t before = known.errors.value_or(now->uncorrected.value_or(0));
  if (now->uncorrected && *now->uncorrected > before)
    condemn_locked(uuid, known, counted(*now->uncorrected - before, "new memory error") + " that ECC could not mend");
  if (now->repair_pending && !known.repair_pending)
    condemn_locked(uuid, known, "damaged memory waits to be replaced, which a reset of the GPU does");
  known.errors = now->uncorrected;
  known.repair_pending = now->repair_pending;
  known.last = *now;
  if (!known.running) note_use_locked(uuid, known);
}

/// While no trial of its own runs. Where processes are not seen, as in a container, memory alone tells of others.
void GpuHealth::note_use_locked(const std::string& uuid, Known& known) {
  const Gpu& gpu = *known.last;
  std::set<pid_t> others;
  for (const GpuProcess& process : gpu.processes) {
    if (!terms_.ours(process.pid)) others.insert(process.pid);
  }
  const std::optional<std::int64_t> theirs = memory_of(gpu, others);
  known.others_mib = std::max(theirs.value_or(0), gpu.processes.empty() || !others.empty() ? gpu.used_mib : 0);
  const bool used = !theirs || known.others_mib > terms_.others_mib;
  if (!used || terms_.share) {
    if (!std::exchange(known.used_by_others, "").empty()) spdlog::info("GPU is free again gpu={}", uuid);
    known.others.clear();
    return;
  }
  if (!known.used_by_others.empty() && known.others == others) return;
  const bool was_used = !known.used_by_others.empty();
  known.others = others;
  const std::string since = was_used ? known.used_by_others.substr(0, known.used_by_others.find(": "))
                                     : "is used by others since " + to_iso8601(clock_.now());
  known.used_by_others =
      since + ": " + (others.empty() ? std::to_string(known.others_mib) + " MiB of its memory" : in_words(others));
  spdlog::warn("GPU is left alone gpu={} reason={}", uuid, known.used_by_others);
}

void GpuHealth::condemn_locked(const std::string& uuid, Known& known, const std::string& why) {
  if (!known.broken.empty()) return;
  known.broken = "is set aside since " + to_iso8601(clock_.now()) + ": " + why;
  spdlog::error("GPU {} {}; SIGUSR2 or a start with --retry-devices uses it again", uuid, known.broken);
  save_locked();
}

std::string GpuHealth::broken_of_locked(const job::Slot& slot) const {
  for (const std::string& uuid : slot.gpus) {
    const auto found = known_.find(uuid);
    if (found != known_.end() && !found->second.broken.empty()) return uuid + " " + found->second.broken;
  }
  return "";
}

std::string GpuHealth::set_aside(const job::Slot& slot) const {
  const std::lock_guard lock(mutex_);
  if (slot.gpus.empty()) return "";
  if (std::string broken = broken_of_locked(slot); !broken.empty()) return broken;
  if (!silent_.empty()) return silent_;
  for (const std::string& uuid : slot.gpus) {
    const auto found = known_.find(uuid);
    if (found != known_.end() && !found->second.used_by_others.empty())
      return uuid + " " + found->second.used_by_others;
  }
  return "";
}

std::vector<job::Slot> GpuHealth::now(std::vector<job::Slot> slots) const {
  for (job::Slot& slot : slots) {
    slot.set_aside = set_aside(slot);
    const std::lock_guard lock(mutex_);
    for (const std::string& uuid : slot.gpus) {
      const auto found = known_.find(uuid);
      if (found == known_.end() || found->second.others_mib < kMemoryStep || !found->second.last) continue;
      const std::int64_t left = found->second.last->memory_mib - found->second.others_mib;
      slot.memory_mib = std::min(slot.memory_mib, std::max<std::int64_t>(left / kMemoryStep * kMemoryStep, 1));
    }
  }
  return slots;
}

void GpuHealth::begin(const job::Slot& slot) {
  const std::lock_guard lock(mutex_);
  for (const std::string& uuid : slot.gpus) {
    if (const auto found = known_.find(uuid); found != known_.end()) found->second.running = true;
  }
}

Verdict GpuHealth::end(const job::Slot& slot, TrialId trial, const Verdict& verdict, bool of_program) {
  if (slot.gpus.empty()) return verdict;
  const bool suspicious = may_be_the_gpus(verdict.outcome);
  const std::vector<std::string> condemned =
      suspicious ? condemned_by(slot, trial, verdict.message, of_program) : std::vector<std::string>();
  const std::lock_guard lock(mutex_);
  for (const std::string& uuid : slot.gpus) {
    const auto found = known_.find(uuid);
    if (found == known_.end()) continue;
    found->second.running = false;
    if (verdict.outcome == job::Outcome::kSucceeded) found->second.in_doubt.clear();
    if (std::ranges::find(condemned, uuid) == condemned.end()) continue;
    condemn_locked(
        uuid, found->second,
        "trial " + std::to_string(trial.value) + " ended there as: " + verdict.message.substr(0, kShownMessage));
  }
  const std::string broken = broken_of_locked(slot);
  if (!suspicious || broken.empty()) return verdict;
  return {job::Outcome::kPreempted, "goes on elsewhere: " + broken + "; it had ended as " +
                                        job::to_text(verdict.outcome) + ": " + verdict.message};
}

/// Which of the slot's GPUs a failure shows to be broken: of several those that do not work when they are tried, or
/// all.
std::vector<std::string> GpuHealth::condemned_by(const job::Slot& slot, TrialId trial, const std::string& message,
                                                 bool of_program) {
  const GpuFault fault = gpu_fault_in(message);
  if (fault == GpuFault::kNone) return {};
  std::vector<std::string> dead;
  for (const std::string& uuid : slot.gpus) {
    const Status works = terms_.probe({uuid});
    if (works.ok()) continue;
    dead.push_back(uuid);
    spdlog::warn("GPU does not work gpu={} error={}", uuid, works.message());
  }
  if (!dead.empty()) return dead;
  if (of_program) return {};
  bool kept = fault == GpuFault::kBroken;
  const std::lock_guard lock(mutex_);
  for (const std::string& uuid : slot.gpus) {
    const auto found = known_.find(uuid);
    if (found == known_.end()) continue;
    found->second.in_doubt.insert(trial);
    kept = kept || found->second.in_doubt.size() >= kTrialsInDoubt;
  }
  if (!kept) spdlog::info("GPUs work, an error of CUDA was perhaps the trial's own slot={}", slot.name);
  return kept ? slot.gpus : std::vector<std::string>();
}

void GpuHealth::retry() {
  const std::lock_guard lock(mutex_);
  for (auto& [uuid, known] : known_) {
    if (!std::exchange(known.broken, "").empty()) spdlog::info("GPU is used again gpu={}", uuid);
    known.in_doubt.clear();
  }
  save_locked();
}

}  // namespace oodml::worker
