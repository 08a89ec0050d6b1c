#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "coordinator/service/retention.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::upkeep {

/// Lets go of what nobody needs of old trials, in small transactions between those of others: looks once an hour, and
/// then goes on until nothing is left to do. From one thread, but what the store calls back.
class Retention {
 public:
  Retention(store::JobStore& store, Clock& clock, const RetentionTerms& terms)
      : store_(store), clock_(clock), terms_(terms) {}

  void tick();
  /// What is kept how long, and what went so far: lines for people.
  std::vector<std::string> lines(store::Connection& database) const;

 private:
  void go_on();

  store::JobStore& store_;
  Clock& clock_;
  const RetentionTerms terms_;
  std::chrono::steady_clock::time_point next_look_{};
  std::atomic<bool> under_way_ = false;
};

}  // namespace oodml::coordinator::upkeep
