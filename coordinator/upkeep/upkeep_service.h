#pragma once

#include <functional>
#include <optional>

#include "coordinator/service/upkeep.h"
#include "coordinator/store/job_store.h"
#include "coordinator/upkeep/removals.h"
#include "coordinator/upkeep/retention.h"
#include "coordinator/upkeep/snapshots.h"
#include "core/base/clock.h"

namespace oodml::coordinator::upkeep {

/// Bytes of what trials printed, which lies outside of the database.
using OutputBytes = std::function<Result<std::int64_t>()>;

/// The calls of Upkeep over a store that this process owns.
class UpkeepService final : public Upkeep {
 public:
  UpkeepService(store::JobStore& store, Clock& clock, const RetentionTerms& terms, OutputBytes output_bytes);

  Result<SnapshotPiece> read_snapshot(const std::string& id, std::int64_t offset) override;
  Result<DatabaseStats> stats() override;
  void remove(const RemovalWish& wish, Reply<RemovalView> reply) override;

  /// Lets time-driven work happen; from one thread.
  void tick();
  /// Copies end; before the store does.
  void stop() { snapshots_.reset(); }

 private:
  store::JobStore& store_;
  const OutputBytes output_bytes_;
  std::optional<Snapshots> snapshots_;
  Removals removals_;
  Retention retention_;
};

/// Of a store that is only shown, too: without what retention is told to do.
Result<DatabaseStats> stats_of(store::JobStore& store, const OutputBytes& output_bytes);

}  // namespace oodml::coordinator::upkeep
