#pragma once

#include <atomic>

#include "coordinator/service/upkeep.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::upkeep {

/// Archives sweeps and deletes them. What is deleted goes in small transactions between those of others.
class Removals {
 public:
  Removals(store::JobStore& store, Clock& clock) : store_(store), clock_(clock) {}

  void remove(const RemovalWish& wish, Reply<RemovalView> reply);
  /// Goes on with what is left of deleted sweeps, also of an earlier life.
  void tick();

 private:
  void remove_more();

  store::JobStore& store_;
  Clock& clock_;
  std::atomic<bool> left_ = true;  ///< Something may be left to remove.
  std::atomic<bool> under_way_ = false;
};

}  // namespace oodml::coordinator::upkeep
