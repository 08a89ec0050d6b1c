#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/lease.h"

namespace oodml::coordinator {

struct WorkerView {
  job::WorkerInfo info;
  std::string state;      ///< ready, set aside, cordoned, draining, drained, left, not answering, lost
  bool connected = true;  ///< It answers: what it said of itself holds now.
  Time last_seen{};
  std::vector<TrialId> running;
  std::string mark;         ///< cordoned, drained; empty: it takes trials.
  std::string mark_reason;  ///< By whom, since when, why.
};

}  // namespace oodml::coordinator
