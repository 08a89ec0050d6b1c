#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace oodml::coordinator::store {

/// Damage in the part of a write-ahead log that was synced, and so confirmed to somebody. SQLite reads a log up to the
/// first page that does not fit and takes the rest for a torn tail, without a word.
struct LogDamage {
  std::int64_t page = 0;   ///< the first that does not fit, counted from 1
  std::int64_t pages = 0;  ///< in the file
};

/// Looks whether the log of this database is damaged before its last commit: a page does not fit, and after it lies a
/// whole commit with another one behind it, which is begun only when the one before has been synced. Damage in the last
/// commit looks like the torn tail of a power cut, and damage of the log's first 32 bytes like a log that was just
/// begun: neither is found. No log: no damage. Fails when the file cannot be read.
Result<std::optional<LogDamage>> find_log_damage(const std::filesystem::path& database);

/// The log is damaged and the operator has to decide: the text of a refusal to start.
std::string text_of(const std::filesystem::path& database, const LogDamage& damage);

}  // namespace oodml::coordinator::store
