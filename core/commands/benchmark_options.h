#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "core/data/benchmark_place.h"

namespace oodml::commands {

/// Which benchmark a command reads, and how.
struct BenchmarkOptions {
  std::string benchmark, layout = "default";
  std::filesystem::path root;  ///< Folder that holds the benchmark's, or that itself.
};

/// Adds --benchmark, --root and --layout; they fill `options`. Gives the first.
CLI::Option* add_benchmark(CLI::App& command, BenchmarkOptions& options);

/// <root>/<name>, or `root` itself where that is not there and images/ is.
std::filesystem::path benchmark_folder(const std::filesystem::path& root, const std::string& name);
data::BenchmarkPlace place_of(const BenchmarkOptions& options);

}  // namespace oodml::commands
