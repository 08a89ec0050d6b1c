#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/commands/benchmark_options.h"
#include "core/data/open_sets.h"

namespace oodml::commands {

/// Which images a command is to read: a set of a benchmark.
struct ImagesOptions {
  BenchmarkOptions benchmark;
  std::filesystem::path split_file;  ///< Empty: that in the benchmark's folder.
  std::string id;                    ///< Of a split; empty or default: the benchmark's own rule.
  std::string set = "train";         ///< train, val, test, super, all
  std::string validation;            ///< As the trial's key; empty: split for the set val of an id, else none.
  std::optional<double> validation_fraction;
  std::optional<std::int64_t> images_per_class;
  std::optional<std::uint64_t> seed;
  bool skip_unreadable = false;
};

/// Adds the options to a command; they fill `options`.
void add_images(CLI::App& command, ImagesOptions& options);

/// What is asked for. kInvalidArgument for options that do not go together.
Result<data::ImagesRequest> request_of(const ImagesOptions& options);
/// `request` where the command line says nothing else.
Result<data::ImagesRequest> request_of(const ImagesOptions& options, data::ImagesRequest request);

}  // namespace oodml::commands
