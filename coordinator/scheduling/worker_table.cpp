#include "coordinator/scheduling/worker_table.h"

#include <algorithm>
#include <iterator>

#include "core/base/counted.h"
#include "core/job/limits.h"
#include "core/job/worker_name.h"

namespace oodml::coordinator::scheduling {
namespace {

constexpr std::size_t kReasonsShown = 3;

/// Worker by reason, the first few, then how many more.
std::string join_reasons(const std::map<std::string, std::vector<std::string>>& workers_by_reason) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [reason, workers] : workers_by_reason) {
    if (shown == kReasonsShown) break;
    text += (shown++ == 0 ? "" : "; ") + workers.front();
    if (workers.size() > 1) text += " and " + counted(std::ssize(workers) - 1, "other");
    text += ": " + reason;
  }
  if (workers_by_reason.size() > shown) text += "; and more";
  return text;
}

/// The worker, or each of its slots.
bool is_set_aside(const job::WorkerInfo& worker) {
  const auto aside = [](const job::Slot& slot) { return !slot.set_aside.empty(); };
  return !worker.set_aside.empty() || (!worker.slots.empty() && std::ranges::all_of(worker.slots, aside));
}

}  // namespace

Status WorkerTable::put(const job::WorkerInfo& worker) {
  if (worker.id.value.empty() || worker.id.value.size() > job::kMaxNameBytes) {
    return invalid_argument("a worker's id has 1 to " + std::to_string(job::kMaxNameBytes) + " characters");
  }
  if (worker.slots.size() > job::kMaxSlots || worker.benchmarks.size() > job::kMaxBenchmarks) {
    return invalid_argument("worker " + worker.id.value + " announces " + counted(std::ssize(worker.slots), "slot") +
                            " and " + counted(std::ssize(worker.benchmarks), "benchmark") + "; at most " +
                            std::to_string(job::kMaxSlots) + " and " + std::to_string(job::kMaxBenchmarks) +
                            " are accepted");
  }
  std::set<std::string> names;
  for (const job::Slot& slot : worker.slots) {
    if (slot.name.empty() || slot.name.size() > job::kMaxNameBytes || !names.insert(slot.name).second) {
      return invalid_argument("worker " + worker.id.value + " announces slot '" +
                              slot.name.substr(0, job::kMaxNameBytes) + "'; every slot needs a name of its own");
    }
  }
  workers_.insert_or_assign(
      worker.id, Entry{.info = std::make_shared<const job::WorkerInfo>(worker), .heard = clock_.steady_now()});
  return {};
}

Status WorkerTable::heard_of(const WorkerId& worker) {
  const auto found = workers_.find(worker);
  if (found == workers_.end() || found->second.left) {
    return not_found("unknown worker '" + worker.value + "'; it has to register first");
  }
  found->second.heard = clock_.steady_now();
  return {};
}

void WorkerTable::leave(const WorkerId& worker) {
  const auto found = workers_.find(worker);
  if (found == workers_.end()) return;
  found->second.left = true;
  found->second.heard = clock_.steady_now();
}

Result<std::pair<const job::WorkerInfo*, const job::Slot*>> WorkerTable::find(const WorkerId& worker,
                                                                              const std::string& slot) const {
  const auto found = workers_.find(worker);
  if (found == workers_.end()) return not_found("unknown worker '" + worker.value + "'; it has to register first");
  std::string known;
  for (const job::Slot& candidate : found->second.info->slots) {
    if (candidate.name == slot) return std::pair(found->second.info.get(), &candidate);
    known += (known.empty() ? "" : ", ") + candidate.name;
  }
  return invalid_argument("worker " + worker.value + " has no slot '" + slot + "'; it announced " +
                          (known.empty() ? "none" : known));
}

std::vector<WorkerId> WorkerTable::all() const {
  std::vector<WorkerId> ids;
  for (const auto& [id, entry] : workers_) ids.push_back(id);
  return ids;
}

std::vector<WorkerId> WorkerTable::named(const std::string& worker) const {
  std::vector<WorkerId> ids = all();
  std::erase_if(ids, [&](const WorkerId& id) { return id.value != worker && job::worker_name(id) != worker; });
  return ids;
}

bool WorkerTable::takes_trials(const WorkerId& worker) const {
  const auto found = workers_.find(worker);
  if (found == workers_.end() || !is_connected(found->second) || marks_.find(worker)) return false;
  return !is_set_aside(*found->second.info) && !found->second.info->slots.empty();
}

bool WorkerTable::share_a_slot(const job::Need& a, const job::Need& b) const {
  return std::ranges::any_of(workers_, [&](const auto& known) {
    const job::WorkerInfo& info = *known.second.info;
    return std::ranges::any_of(info.slots, [&](const job::Slot& slot) {
      return job::why_not(a, info, slot).empty() && job::why_not(b, info, slot).empty();
    });
  });
}

void WorkerTable::forget_old() {
  std::erase_if(workers_,
                [&](const auto& entry) { return clock_.steady_now() - entry.second.heard > std::chrono::hours(24); });
}

const char* WorkerTable::state_of(const Entry& entry, const store::MarkRow* mark) const {
  if (entry.left) return "left";
  if (!is_connected(entry)) return is_lost(entry) ? "lost" : "not answering";
  if (entry.info->slots.empty()) return "draining";
  if (mark) return WorkerMarks::word(mark->mark);
  return is_set_aside(*entry.info) ? "set aside" : "ready";
}

bool WorkerTable::others_can_run(const job::Need& need, const std::set<WorkerId>& beside) const {
  return std::ranges::any_of(workers_, [&](const auto& known) {
    const Entry& entry = known.second;
    if (beside.contains(known.first) || is_lost(entry) || !entry.info->set_aside.empty() || marks_.find(known.first))
      return false;
    return std::ranges::any_of(entry.info->slots,
                               [&](const job::Slot& slot) { return job::why_not(need, *entry.info, slot).empty(); });
  });
}

std::string WorkerTable::waiting_for(const job::Need& need, const std::set<WorkerId>& failed_on,
                                     const std::set<SlotKey>& busy) const {
  const bool elsewhere = failed_on.empty() || others_can_run(need, failed_on);
  std::size_t connected = 0, fitting = 0;
  std::string idle;
  std::map<std::string, std::vector<std::string>> refusals;
  for (const auto& [id, entry] : workers_) {
    if (!is_connected(entry)) continue;
    ++connected;
    if (elsewhere && failed_on.contains(id)) continue;
    const job::WorkerInfo& info = *entry.info;
    std::string why = info.slots.empty() ? "is draining" : "has set itself aside: " + info.set_aside;
    const store::MarkRow* mark = marks_.find(id);
    if (mark) why = std::string("is ") + WorkerMarks::word(mark->mark) + " " + WorkerMarks::text(*mark);
    bool fits = false;
    for (const job::Slot& slot : info.slots) {
      if (!info.set_aside.empty() || mark) break;
      const std::string refusal = job::why_not(need, info, slot);
      if (!refusal.empty()) {
        why = refusal;
        continue;
      }
      fits = true;
      ++fitting;
      if (idle.empty() && !busy.contains({id, slot.name})) idle = slot.name + " of " + id.value;
    }
    if (!fits) refusals[why].push_back(id.value);
  }
  if (connected == 0) return "no worker is connected";
  if (fitting == 0 && refusals.empty()) return "the other workers do not answer just now";
  if (fitting == 0) return "no connected worker can run it: " + join_reasons(refusals);
  const std::string other = elsewhere ? "" : "no other connected worker can run it: ";
  if (!idle.empty()) return other + "slot " + idle + " to ask for it";
  return other + (fitting == 1 ? "the only slot that can run it is busy"
                               : "all " + std::to_string(fitting) + " slots that can run it are busy");
}

std::vector<WorkerView> WorkerTable::views() const {
  std::vector<WorkerView> views;
  for (const auto& [id, entry] : workers_) {
    // As long ago as the steady clock says, whatever was done to the wall clock meanwhile.
    const store::MarkRow* mark = marks_.find(id);
    const auto silent = std::chrono::floor<Duration>(clock_.steady_now() - entry.heard);
    views.push_back({.info = *entry.info,
                     .state = state_of(entry, mark),
                     .connected = is_connected(entry),
                     .last_seen = clock_.now() - silent,
                     .running = {},
                     .mark = mark ? WorkerMarks::word(mark->mark) : "",
                     .mark_reason = mark ? WorkerMarks::text(*mark) : ""});
  }
  return views;
}

}  // namespace oodml::coordinator::scheduling
