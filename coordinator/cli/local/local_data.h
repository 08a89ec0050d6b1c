#pragma once

#include <filesystem>
#include <vector>

#include "coordinator/cli/local/data_roots.h"
#include "core/identity/data_reader.h"
#include "core/job/identity.h"

namespace oodml::cli {

/// Hashes of what trials read of this machine's disk; `memory` keeps those of large files between runs.
job::DataStamps local_data(const std::vector<identity::TrialReads>& trials, const DataRoots& roots,
                           const std::filesystem::path& memory);

}  // namespace oodml::cli
