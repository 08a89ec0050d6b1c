#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "coordinator/scheduling/accounts.h"
#include "coordinator/scheduling/trial_queue.h"
#include "coordinator/scheduling/worker_table.h"

namespace oodml::coordinator::scheduling {

/// What the order is explained from: a copy, so that texts are made after the mutex is let go.
struct OrderGlance {
  Steady now{};
  FairShare shares;
  Limits limits;
  WorkerTable workers;
  std::vector<TrialQueue::Group> groups;  ///< All that wait.
  std::map<store::Label, std::int64_t> label_limits;

  std::optional<QueuedTrial> trial{};            ///< The one that is asked about, where it waits.
  std::map<SweepId, std::int64_t> own_before{};  ///< Of its owner, that go before it, by sweep.
  std::optional<Steady> kept_until{};
};

}  // namespace oodml::coordinator::scheduling
