#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"
#include "core/job/script_file.h"
#include "core/job/trial_spec.h"

namespace oodml::coordinator::store {

// Files of code that travel with trials, as names of contents (artifacts/content_store). A trial keeps its names until
// it is deleted: it may be run again at any time.

/// Bytes of contents, by SHA-256.
using ScriptSizes = std::map<std::string, std::int64_t>;

/// Notes of a new trial the files that it names, where the contents of all of them are in `sizes`; else it reads them
/// where it runs.
void insert_scripts(Connection& database, TrialId trial, const job::TrialSpec& spec, const ScriptSizes& sizes);
/// By use.
std::vector<job::ScriptFile> read_scripts(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
