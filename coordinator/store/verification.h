#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::store {

/// What a database file holds, and what is wrong with it.
struct Verification {
  std::int64_t schema_version = 0, sweeps = 0, trials = 0, attempts = 0, results = 0;
  std::vector<std::string> problems;  ///< A line each; none: it is whole.
};

/// Reads all of a database: its pages (integrity_check), references between its tables, its schema version, and
/// whether its rows agree with each other. Changes nothing. kNotFound: it is not there; kFailedPrecondition: another
/// program's, or of a later version; kDataLoss: no database, or damaged so that it cannot be read on.
Result<Verification> verify_database(const std::filesystem::path& file);

}  // namespace oodml::coordinator::store
