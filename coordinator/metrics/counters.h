#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <string_view>
#include <vector>

#include "coordinator/metrics/call_counts.h"
#include "coordinator/scheduling/changes.h"
#include "coordinator/store/writer.h"
#include "core/base/result.h"

namespace oodml::coordinator::metrics {

/// What happened since the process began, counted where it happens: by the writer's thread and by gRPC's. Safe from any
/// thread, and cheap.
class Counters final : public scheduling::ChangeListener {
 public:
  Counters();

  void committed(const store::Commit& commit);
  void call_ended(std::string_view method, StatusCode code, std::chrono::steady_clock::duration took) {
    calls_.ended(method, code, took);
  }

  void trials_changed(const std::vector<store::Situation>&) override {}
  void events_stored(std::vector<job::Event> events) override { events_.Increment(static_cast<double>(events.size())); }
  void lease_granted() override { granted_.Increment(); }
  void lease_expired() override { expired_.Increment(); }
  void attempt_ended(job::Outcome outcome) override { outcomes_.at(outcome)->Increment(); }

  std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

 private:
  prometheus::Registry registry_;
  prometheus::Counter& granted_;
  prometheus::Counter& expired_;
  prometheus::Counter& events_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& commit_commands_;
  std::map<job::Outcome, prometheus::Counter*> outcomes_;  ///< All of them; never changed.
  CallCounts calls_;
};

}  // namespace oodml::coordinator::metrics
