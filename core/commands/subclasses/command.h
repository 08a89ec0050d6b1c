#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "core/commands/backbone_features.h"
#include "core/commands/benchmark_options.h"

namespace oodml::commands {

/// What `oodml-core subclasses` is told.
struct SubclassesOptions {
  BenchmarkOptions from;
  std::string output;
  std::int64_t per_class = 6, images = 0, at_least = 10;
  int seed = 0;
  BackboneOptions backbone;
};

/// Adds the command with its help; it fills `options`.
const CLI::App* add_subclasses(CLI::App& app, SubclassesOptions& options);

/// Divides the classes and writes the folder; gives the exit code.
int run_subclasses(const SubclassesOptions& options);

}  // namespace oodml::commands
