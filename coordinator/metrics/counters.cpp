#include "coordinator/metrics/counters.h"

#include <string>

namespace oodml::coordinator::metrics {
namespace {

using job::Outcome;

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 const prometheus::Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

}  // namespace

Counters::Counters()
    : granted_(counter(registry_, "oodml_leases_granted_total", "Trials handed to workers")),
      expired_(counter(registry_, "oodml_leases_expired_total", "Leases that ran out: the worker was silent")),
      events_(counter(registry_, "oodml_events_stored_total", "Events of trials that became durable")),
      commit_seconds_(histogram(registry_, "oodml_commit_seconds", "How long transactions took, with their sync",
                                {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5})),
      commit_commands_(histogram(registry_, "oodml_commit_commands", "How many changes shared a transaction",
                                 {1, 2, 5, 10, 50, 100, 500})),
      calls_(registry_) {
  auto& ended = prometheus::BuildCounter()
                    .Name("oodml_attempts_ended_total")
                    .Help("Attempts that ended, by outcome; one that was lost and came back ends again")
                    .Register(registry_);
  for (int i = 0; i <= static_cast<int>(Outcome::kCancelled); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    outcomes_[outcome] = &ended.Add({{"outcome", job::to_text(outcome)}});
  }
}

void Counters::committed(const store::Commit& commit) {
  commit_seconds_.Observe(std::chrono::duration<double>(commit.took).count());
  commit_commands_.Observe(static_cast<double>(commit.commands));
}

}  // namespace oodml::coordinator::metrics
