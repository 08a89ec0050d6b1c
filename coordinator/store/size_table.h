#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/upkeep.h"
#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// Rows and bytes of every table with its indices, the largest first. Bytes are counted page by page where SQLite can
/// (dbstat) and the file is not too large for that; else they are what the rows of a sample say.
std::vector<TableSize> table_sizes(Connection& database);

/// The file in bytes, and what of it is free for reuse.
struct FileSize {
  std::int64_t bytes = 0, free_bytes = 0;
};
FileSize file_size(Connection& database);

/// Sweeps that are there, of them archived ones, and trials.
struct Counts {
  std::int64_t sweeps = 0, archived_sweeps = 0, trials = 0;
};
Counts count_all(Connection& database);
/// All trials by state, each once however many sweeps have it.
StateCounts count_states(Connection& database);

}  // namespace oodml::coordinator::store
