#include "coordinator/scheduling/trial_queue.h"

namespace oodml::coordinator::scheduling {

void TrialQueue::put(const QueuedTrial& trial) {
  erase(trial.trial);
  lines_[trial.line].emplace(trial.turn, trial.trial);
  places_.emplace(trial.trial, Place{.line = trial.line, .turn = trial.turn});
}

void TrialQueue::erase(TrialId trial) {
  const auto place = places_.find(trial);
  if (place == places_.end()) return;
  const auto line = lines_.find(place->second.line);
  line->second.erase(place->second.turn);
  if (line->second.empty()) lines_.erase(line);
  places_.erase(place);
}

bool TrialQueue::has_failed(const job::Need& need, const WorkerId& worker) const {
  for (auto line = lines_.lower_bound({.need = need}); line != lines_.end() && line->first.need == need; ++line) {
    if (line->first.failed_on.contains(worker)) return true;
  }
  return false;
}

std::optional<QueuedTrial> TrialQueue::take_first(const Rank& rank) {
  const std::pair<const LineKey, Turns>* best = nullptr;
  int best_rank = 0;
  for (const auto& line : lines_) {
    const bool earlier = !best || line.second.begin()->first < best->second.begin()->first;
    if (best_rank == 0 && !earlier) continue;  // no rank would make it the first
    const std::optional<int> ranked = rank(line.first);
    if (!ranked || (best && (*ranked > best_rank || (*ranked == best_rank && !earlier)))) continue;
    best = &line;
    best_rank = *ranked;
  }
  if (!best) return std::nullopt;
  const auto& [turn, trial] = *best->second.begin();
  const QueuedTrial taken{.trial = trial, .line = best->first, .turn = turn};
  erase(taken.trial);
  return taken;
}

}  // namespace oodml::coordinator::scheduling
