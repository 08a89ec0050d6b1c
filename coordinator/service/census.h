#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "coordinator/service/sweep_views.h"
#include "core/base/clock.h"

namespace oodml::coordinator {

/// What waits for the database's disk.
struct WriterLoad {
  std::int64_t commands = 0;   ///< Changes that wait, and those that are being written.
  Duration oldest{};           ///< How long the oldest of them has waited; 0: there is none.
  std::int64_t log_pages = 0;  ///< Of the write-ahead log, after the newest commit.
};

/// How much there is of everything at one moment, for those who watch a coordinator.
struct Census {
  std::map<std::string, std::int64_t> sweeps;  ///< By state; those that are archived count as `archived`.
  StateCounts trials;
  std::map<std::string, std::int64_t> workers;  ///< By state, as WorkerView has it.
  std::int64_t slots = 0, busy_slots = 0;       ///< Of the workers that answer.
  std::int64_t slots_aside = 0;                 ///< Of them those that take no trial, with their worker or alone.
  std::int64_t watchers = 0;                    ///< Subscriptions to what changes.
  WriterLoad writer;
  std::int64_t database_bytes = 0;
  std::int64_t disk_free_bytes = 0;
  std::int64_t artifact_bytes = 0;  ///< Contents of files that trials left, and those on their way.
};

}  // namespace oodml::coordinator
