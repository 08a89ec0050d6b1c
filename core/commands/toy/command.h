#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace oodml::commands {

/// What `oodml-core toy` is told.
struct ToyOptions {
  std::uint64_t seed = 1;
  std::string output;  ///< Folder for the files; empty: only the table.
  bool force = false;
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_toy(CLI::App& app, ToyOptions& options);

/// Runs the toy experiment (docs/toy.md), prints its table and writes its files; gives the exit code.
int run_toy(const ToyOptions& options);

}  // namespace oodml::commands
