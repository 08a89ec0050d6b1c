#pragma once

#include <filesystem>

#include "coordinator/cli/client.h"

namespace oodml::cli {

/// What names a network's trial to whoever opens the network.
inline constexpr const char* kTrialFile = "trial.yaml";

/// The specification of a trial as the coordinator has it, whole or not at all.
Status write_trial_file(Client& client, std::int64_t trial, const std::filesystem::path& file);

}  // namespace oodml::cli
