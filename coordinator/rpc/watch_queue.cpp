#include "coordinator/rpc/watch_queue.h"

#include <utility>
#include <variant>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"

namespace oodml::coordinator::rpc {
namespace {

bool is_progress(const job::Event& event) { return std::holds_alternative<job::Progress>(event.body); }

}  // namespace

template <typename Id>
void WatchQueue::replace(std::map<Id, Items::iterator>& newest, Id id, WatchItem item) {
  if (const auto found = newest.find(id); found != newest.end()) items_.erase(found->second);
  newest[id] = items_.insert(items_.end(), std::move(item));
}

bool WatchQueue::push(WatchItem item) {
  if (const auto* sweep = std::get_if<SweepView>(&item)) {
    replace(sweeps_, SweepId(sweep->id), std::move(item));
  } else if (const auto* trial = std::get_if<TrialView>(&item)) {
    replace(trials_, TrialId(trial->id), std::move(item));
  } else if (const auto& event = std::get<job::Event>(item); is_progress(event)) {
    replace(progress_, TrialId(event.trial), std::move(item));
  } else {
    if (events_ >= max_events_) return false;
    ++events_;
    items_.push_back(std::move(item));
  }
  return true;
}

std::optional<WatchItem> WatchQueue::pop() {
  if (items_.empty()) return std::nullopt;
  WatchItem item = std::move(items_.front());
  items_.pop_front();
  if (const auto* sweep = std::get_if<SweepView>(&item)) {
    sweeps_.erase(sweep->id);
  } else if (const auto* trial = std::get_if<TrialView>(&item)) {
    trials_.erase(trial->id);
  } else if (const auto& event = std::get<job::Event>(item); is_progress(event)) {
    progress_.erase(event.trial);
  } else {
    --events_;
  }
  return item;
}

void WatchQueue::clear() {
  items_.clear();
  sweeps_.clear();
  trials_.clear();
  progress_.clear();
  events_ = 0;
}

}  // namespace oodml::coordinator::rpc
