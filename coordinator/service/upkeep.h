#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "coordinator/service/person.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/sweep_views.h"
#include "core/base/result.h"

namespace oodml::coordinator {

/// A piece of a copy of the database.
struct SnapshotPiece {
  std::string id;
  std::int64_t bytes = 0;  ///< Of the whole copy; 0: it is being made, ask again in a moment.
  std::string data;
  std::string sha256;  ///< Of the whole, as hexadecimal digits, with its last piece and at its end.
};

/// A table with its indices.
struct TableSize {
  std::string table;
  std::int64_t rows = 0, bytes = 0;
};

struct DatabaseStats {
  std::filesystem::path path;
  std::int64_t schema_version = 0;
  std::int64_t database_bytes = 0, free_bytes = 0;  ///< Of the first, free for reuse.
  std::int64_t log_bytes = 0, disk_free_bytes = 0;
  std::vector<TableSize> tables;  ///< The largest first.
  std::int64_t sweeps = 0, archived_sweeps = 0, trials = 0;
  std::int64_t content_bytes = 0, contents = 0, output_bytes = 0;  ///< Of what is stored beside it.
  std::vector<std::string> retention;                              ///< For people, a line each.
};

enum class Removal { kArchive, kUnarchive, kDelete };

struct RemovalWish {
  Removal kind = Removal::kArchive;
  SweepRef sweep;
  bool go_ahead = false;  ///< Else it only says what would go.
  std::string request_id;
  Person by;
};

/// What goes, or would: all of it by `kDelete`, nothing by the others.
struct RemovalView {
  SweepView sweep;
  std::int64_t trials = 0, shared_trials = 0;  ///< The second stay, as another sweep has them.
  std::int64_t points = 0;                     ///< About, where there are very many trials, as what follows.
  std::int64_t content_bytes = 0;              ///< That no other trial has.
  std::int64_t database_bytes = 0;
};

/// The database over months. All calls are safe from any thread.
class Upkeep {
 public:
  virtual ~Upkeep() = default;

  /// An empty id begins a copy as of this moment; a piece has at most job::kMaxChunkBytes, and one at the end none.
  /// The copy goes when its end was read, or when nobody has asked for a minute. kNotFound: there is no such copy (any
  /// more); kResourceExhausted: too many are read already, or the disk has no room for one.
  virtual Result<SnapshotPiece> read_snapshot(const std::string& id, std::int64_t offset) = 0;

  virtual Result<DatabaseStats> stats() = 0;

  /// kFailedPrecondition: the sweep is not over; kPermissionDenied: it is somebody else's. A sweep that is deleted is
  /// gone at once for everybody; its rows go bit by bit, also over restarts.
  virtual void remove(const RemovalWish& wish, Reply<RemovalView> reply) = 0;
};

}  // namespace oodml::coordinator
