#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "coordinator/cli/session.h"
#include "core/base/result.h"

namespace oodml::cli {

/// The folder of a trial's best network, or else of its newest checkpoint, with trial.yaml above it: fetched into
/// $OODML_CACHE/artifacts where it is not there and whole yet. kNotFound: neither is stored.
Result<std::filesystem::path> cached_checkpoint(Session& session, std::int64_t trial);

/// Arguments for oodml-core in which `trial:ID` behind --checkpoint became such a folder, and with `evaluate` anywhere:
/// that program asks no coordinator. Which one is asked here is said by environment and client.toml.
Result<std::vector<std::string>> with_trials_fetched(std::vector<std::string> arguments, Surroundings& around);

}  // namespace oodml::cli
