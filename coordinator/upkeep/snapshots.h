#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "coordinator/service/upkeep.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::upkeep {

using Steady = std::chrono::steady_clock::time_point;

/// Copies of the database that somebody reads piece by piece (Upkeep::read_snapshot). Each is made by a thread of its
/// own, beside the database, and has no name any more once it is whole: whatever ends this process leaves none behind
/// but one that was being made, which the next start removes. Safe from any thread.
class Snapshots {
 public:
  Snapshots(store::JobStore& store, Clock& clock);
  /// Gives up what is being made.
  ~Snapshots();

  Result<SnapshotPiece> read(const std::string& id, std::int64_t offset);
  /// Ends those that nobody has asked for in a while.
  void tick();

 private:
  class Snapshot;

  Result<SnapshotPiece> begin();

  store::JobStore& store_;
  Clock& clock_;
  std::mutex mutex_;                                  // guards snapshots_
  std::vector<std::shared_ptr<Snapshot>> snapshots_;  ///< A read of one may go on while it is taken out.
};

}  // namespace oodml::coordinator::upkeep
