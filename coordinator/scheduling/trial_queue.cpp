#include "coordinator/scheduling/trial_queue.h"

#include <utility>

namespace oodml::coordinator::scheduling {

void TrialQueue::put(const QueuedTrial& trial, Steady now) {
  const auto line = lines_.try_emplace(trial.line).first;
  const auto bucket = line->second.try_emplace(trial.charge.owner, Bucket{.served = now, .groups = {}}).first;
  const auto group = bucket->second.groups.try_emplace(trial.charge).first;
  const auto known = places_.find(trial.trial);
  if (known != places_.end() && &*known->second.group == &*group && known->second.turn->first == trial.turn) return;
  const auto turn = group->second.insert_or_assign(trial.turn, trial.trial).first;
  const Place place{.line = line, .bucket = bucket, .group = group, .turn = turn};
  if (known == places_.end()) {
    places_.emplace(trial.trial, place);
    return;
  }
  // Only now, so that what it leaves and comes back to does not forget since when it waits.
  const Place before = std::exchange(known->second, place);
  before.group->second.erase(before.turn);
  tidy(before);
}

void TrialQueue::erase(TrialId trial) {
  const auto found = places_.find(trial);
  if (found == places_.end()) return;
  const Place place = found->second;
  places_.erase(found);
  place.group->second.erase(place.turn);
  tidy(place);
}

/// Drops what is empty.
void TrialQueue::tidy(const Place& place) {
  if (!place.group->second.empty()) return;
  place.bucket->second.groups.erase(place.group);
  if (!place.bucket->second.groups.empty()) return;
  place.line->second.erase(place.bucket);
  if (place.line->second.empty()) lines_.erase(place.line);
}

std::optional<QueuedTrial> TrialQueue::find(TrialId trial) const {
  const auto found = places_.find(trial);
  if (found == places_.end()) return std::nullopt;
  const Place& place = found->second;
  return QueuedTrial{
      .trial = trial, .line = place.line->first, .turn = place.turn->first, .charge = place.group->first};
}

bool TrialQueue::has_failed(const job::Need& need, const WorkerId& worker) const {
  for (auto line = lines_.lower_bound({.need = need, .failed_on = {}});
       line != lines_.end() && line->first.need == need; ++line) {
    if (line->first.failed_on.contains(worker)) return true;
  }
  return false;
}

bool TrialQueue::has_free(const Limits& limits) const {
  for (const auto& [key, line] : lines_) {
    for (const auto& [owner, bucket] : line) {
      for (const auto& [charge, turns] : bucket.groups) {
        if (limits.allow(charge)) return true;
      }
    }
  }
  return false;
}

std::optional<TrialQueue::Choice> TrialQueue::best_of(Lines::iterator line, Line::iterator bucket, int rank,
                                                      const Limits& limits, Steady now) {
  auto& groups = bucket->second.groups;
  auto best = groups.end();
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    if (!limits.allow(group->first)) continue;
    if (best == groups.end() || goes_before(group->second.begin()->first, best->second.begin()->first)) best = group;
  }
  if (best == groups.end()) return std::nullopt;
  const bool is_impatient = now - bucket->second.served > kPatience;
  const auto first = best->second.begin();
  return Choice{.place = {.line = line, .bucket = bucket, .group = best, .turn = first},
                .standing = {.rank = is_impatient && rank >= kPatientRank ? 0 : rank,
                             .is_impatient = is_impatient,
                             .served = bucket->second.served,
                             .level = 0,
                             .turn = first->first}};
}

std::optional<QueuedTrial> TrialQueue::take_first(const Rank& rank, const Accounts& accounts, Steady now) {
  std::vector<Choice> choices;
  const Choice* best = nullptr;
  for (auto line = lines_.begin(); line != lines_.end(); ++line) {
    const std::optional<int> ranked = rank(line->first);
    if (!ranked) continue;
    for (auto bucket = line->second.begin(); bucket != line->second.end(); ++bucket) {
      if (auto choice = best_of(line, bucket, *ranked, accounts.limits, now)) choices.push_back(*std::move(choice));
    }
  }
  std::map<std::string_view, double> levels;
  for (Choice& choice : choices) {
    const std::string& owner = choice.place.bucket->first;
    const auto [level, is_new] = levels.try_emplace(owner, 0);
    if (is_new) level->second = accounts.shares.level(owner, now);
    choice.standing.level = level->second;
  }
  for (const Choice& choice : choices) {
    if (!best || goes_before(choice.standing, best->standing)) best = &choice;
  }
  if (!best) return std::nullopt;
  // Its owner has been served wherever this slot could have run what waits, and goes by its own order there.
  for (const Choice& choice : choices) {
    const bool same_owner = choice.place.bucket->first == best->place.bucket->first;
    if (same_owner && choice.standing.rank <= best->standing.rank) choice.place.bucket->second.served = now;
  }
  const TrialId trial = best->place.turn->second;
  const std::optional<QueuedTrial> taken = find(trial);
  erase(trial);
  return taken;
}

std::vector<TrialQueue::Group> TrialQueue::groups() const {
  std::vector<Group> groups;
  for (const auto& [key, line] : lines_) {
    for (const auto& [owner, bucket] : line) {
      for (const auto& [charge, turns] : bucket.groups) {
        groups.push_back({.line = key,
                          .charge = charge,
                          .trials = static_cast<std::int64_t>(turns.size()),
                          .first = turns.begin()->first,
                          .served = bucket.served});
      }
    }
  }
  return groups;
}

const store::Charge* TrialQueue::charge_of(TrialId trial) const {
  const auto place = places_.find(trial);
  return place == places_.end() ? nullptr : &place->second.group->first;
}

std::map<SweepId, std::int64_t> TrialQueue::before(const std::string& owner, const store::Turn& turn) const {
  std::map<SweepId, std::int64_t> count;
  for (const auto& [key, line] : lines_) {
    const auto bucket = line.find(owner);
    if (bucket == line.end()) continue;
    for (const auto& [charge, turns] : bucket->second.groups) {
      for (auto at = turns.begin(); at != turns.end() && goes_before(at->first, turn); ++at) ++count[charge.sweep];
    }
  }
  return count;
}

}  // namespace oodml::coordinator::scheduling
