#pragma once

#include <cstddef>
#include <vector>

#include "core/base/result.h"
#include "core/commands/create_splits/command.h"
#include "core/commands/create_splits/units.h"
#include "core/split_creation/progression.h"

namespace oodml::commands {

/// How long and fast the runs are: as published, but for what the command line says.
split_creation::ProgressionOptions asked_runs(const CreateSplitsOptions& options, const Units& units);

/// Which of the recorded splits are kept: by key, by wanted FID, or spread over the range.
Result<std::vector<std::size_t>> asked_entries(const CreateSplitsOptions& options,
                                               const std::vector<split_creation::Entry>& entries);

}  // namespace oodml::commands
