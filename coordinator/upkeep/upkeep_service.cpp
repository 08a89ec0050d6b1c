#include "coordinator/upkeep/upkeep_service.h"

#include <system_error>
#include <utility>

#include "coordinator/store/file_table.h"
#include "coordinator/store/size_table.h"

namespace oodml::coordinator::upkeep {
namespace {

/// 0 for one that is not there.
std::int64_t bytes_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(bytes);
}

DatabaseStats read_stats(store::Connection& database, store::JobStore& store) {
  const store::FileSize size = store::file_size(database);
  const store::Counts counts = store::count_all(database);
  const store::Contents contents = store::named_contents(database);
  std::error_code error;
  const auto space = std::filesystem::space(store.path(), error);
  return {.path = store.path(),
          .schema_version = store.schema_version(),
          .database_bytes = size.bytes,
          .free_bytes = size.free_bytes,
          .log_bytes = bytes_of(store.path().string() + "-wal"),
          .disk_free_bytes = error ? 0 : static_cast<std::int64_t>(space.available),
          .tables = store::table_sizes(database),
          .sweeps = counts.sweeps,
          .archived_sweeps = counts.archived_sweeps,
          .trials = counts.trials,
          .content_bytes = contents.bytes,
          .contents = contents.count};
}

}  // namespace

UpkeepService::UpkeepService(store::JobStore& store, Clock& clock, const RetentionTerms& terms,
                             OutputBytes output_bytes)
    : store_(store), output_bytes_(std::move(output_bytes)), removals_(store, clock), retention_(store, clock, terms) {
  snapshots_.emplace(store, clock);
}

Result<SnapshotPiece> UpkeepService::read_snapshot(const std::string& id, std::int64_t offset) {
  return snapshots_->read(id, offset);
}

Result<DatabaseStats> UpkeepService::stats() {
  OODML_ASSIGN_OR_RETURN(DatabaseStats stats, stats_of(store_, output_bytes_));
  OODML_ASSIGN_OR_RETURN(stats.retention, store_.read([&](store::Connection& database) {
    return Result<std::vector<std::string>>(retention_.lines(database));
  }));
  return stats;
}

void UpkeepService::remove(const RemovalWish& wish, Reply<RemovalView> reply) {
  removals_.remove(wish, std::move(reply));
}

void UpkeepService::tick() {
  snapshots_->tick();
  removals_.tick();
  retention_.tick();
}

Result<DatabaseStats> stats_of(store::JobStore& store, const OutputBytes& output_bytes) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t printed,
                         output_bytes());  // outside of the read: it takes as long as a disk
  OODML_ASSIGN_OR_RETURN(DatabaseStats stats, store.read([&](store::Connection& database) {
    return Result<DatabaseStats>(read_stats(database, store));
  }));
  stats.output_bytes = printed;
  return stats;
}

}  // namespace oodml::coordinator::upkeep
