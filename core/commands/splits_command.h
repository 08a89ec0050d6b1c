#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "core/commands/create_splits/command.h"
#include "core/commands/map_splits/command.h"

namespace oodml::commands {

/// What `oodml-core splits` is told.
struct SplitsOptions {
  std::filesystem::path file;
  std::string output;                  ///< import: a file; empty or -: stdout
  std::filesystem::path root;          ///< import: the folder that holds the benchmark's; empty: not compared
  std::string benchmark, layout;       ///< import: empty: of the file's name; of the catalogue
  std::string base, format = "table";  ///< show
  CreateSplitsOptions making;          ///< create
  MapSplitsOptions mapping;            ///< map
  const CLI::App *create = nullptr, *import = nullptr, *map = nullptr;  ///< Set by add_splits.
};

/// Adds the commands with their help; they fill `options`.
const CLI::App* add_splits(CLI::App& app, SplitsOptions& options);

/// Runs the one that was given; gives the exit code, kExitConflict where a split does not fit the folder.
int run_splits(const SplitsOptions& options);

}  // namespace oodml::commands
