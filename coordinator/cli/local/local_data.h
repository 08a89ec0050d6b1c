#pragma once

#include <filesystem>

#include "coordinator/cli/local/data_roots.h"
#include "core/job/identity.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// Hashes of what the plan's trials read of this machine's disk; `memory` keeps those of large files between runs.
job::DataStamps local_data(const v1::PlanReply& plan, const DataRoots& roots, const std::filesystem::path& memory);

}  // namespace oodml::cli
