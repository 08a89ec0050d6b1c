#include "coordinator/scheduling/trial_queue.h"

namespace oodml::coordinator::scheduling {

void TrialQueue::put(const QueuedTrial& trial) {
  erase(trial.trial);
  Line& line = lines_[trial.need];
  if (line.turns.empty()) line.spec = trial.need.as_spec();
  line.turns.emplace(trial.turn, trial.trial);
  places_.emplace(trial.trial, Place{.need = trial.need, .turn = trial.turn});
}

void TrialQueue::erase(TrialId trial) {
  const auto place = places_.find(trial);
  if (place == places_.end()) return;
  const auto line = lines_.find(place->second.need);
  line->second.turns.erase(place->second.turn);
  if (line->second.turns.empty()) lines_.erase(line);
  places_.erase(place);
}

std::optional<QueuedTrial> TrialQueue::take_first(const std::function<bool(const job::TrialSpec&)>& fits) {
  const std::pair<const store::Need, Line>* best = nullptr;
  for (const auto& candidate : lines_) {
    const bool earlier = !best || candidate.second.turns.begin()->first < best->second.turns.begin()->first;
    if (earlier && fits(candidate.second.spec)) best = &candidate;
  }
  if (!best) return std::nullopt;
  const auto& [turn, trial] = *best->second.turns.begin();
  const QueuedTrial taken{.trial = trial, .need = best->first, .turn = turn};
  erase(taken.trial);
  return taken;
}

}  // namespace oodml::coordinator::scheduling
