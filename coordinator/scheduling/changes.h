#pragma once

#include <utility>
#include <vector>

#include "coordinator/service/worker_view.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::scheduling {

/// Who is told what became durable, in the order of the commits. Called from the writer's thread: return soon.
class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  virtual void trials_changed(const std::vector<store::Situation>& situations) = 0;
  virtual void events_stored(std::vector<job::Event> events) = 0;
  virtual void lease_granted() {}
  virtual void lease_expired() {}
  /// Once for each end; an attempt that was lost and came back ends again.
  virtual void attempt_ended(job::Outcome) {}
};

/// Several that are told one after the other; added before anything happens.
class ChangeListeners final : public ChangeListener {
 public:
  explicit ChangeListeners(std::vector<ChangeListener*> listeners) : listeners_(std::move(listeners)) {}
  void trials_changed(const std::vector<store::Situation>& situations) override {
    for (ChangeListener* listener : listeners_) listener->trials_changed(situations);
  }
  void events_stored(std::vector<job::Event> events) override {
    for (std::size_t i = 0; i + 1 < listeners_.size(); ++i) listeners_[i]->events_stored(events);
    listeners_.back()->events_stored(std::move(events));
  }
  void lease_granted() override {
    for (ChangeListener* listener : listeners_) listener->lease_granted();
  }
  void lease_expired() override {
    for (ChangeListener* listener : listeners_) listener->lease_expired();
  }
  void attempt_ended(job::Outcome outcome) override {
    for (ChangeListener* listener : listeners_) listener->attempt_ended(outcome);
  }

 private:
  const std::vector<ChangeListener*> listeners_;  ///< not empty
};

/// What only the memory knows.
class LiveView {
 public:
  virtual ~LiveView() = default;
  /// Adds the newest progress of running trials, and to the others why they wait.
  virtual void complete(std::vector<store::StoredTrialView>& trials) = 0;
  virtual std::vector<WorkerView> workers() = 0;
};

}  // namespace oodml::coordinator::scheduling
