#pragma once

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
