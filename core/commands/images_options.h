#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/trial/trial_data.h"

namespace oodml::commands {

/// Which images a command is to read: a set of a benchmark.
struct ImagesOptions {
  std::string benchmark, layout = "default";
  std::filesystem::path root;        ///< Folder that holds the benchmark's.
  std::filesystem::path split_file;  ///< Empty: that in the benchmark's folder.
  std::string id;                    ///< Of a split; empty or default: the benchmark's own rule.
  std::string set = "train";         ///< train, val, test, super, all
  std::string validation;            ///< As the trial's key; empty: split for the set val of an id, else none.
  double validation_fraction = 0.2;
  std::int64_t images_per_class = 0;
  std::uint64_t seed = 0;
};

/// Adds the options to a command; they fill `options`.
void add_images(CLI::App& command, ImagesOptions& options);

struct OpenedImages {
  std::shared_ptr<const data::Benchmark> benchmark;
  std::shared_ptr<const data::Dataset> dataset;
  std::string layout, split, validation;  ///< As they were taken.
  std::optional<double> fid;              ///< Of the split.
};

/// What people are to know about the folder goes to `warn`. kInvalidArgument for options that do not go together.
Result<OpenedImages> open_images(const ImagesOptions& options, const trial::Warn& warn);

}  // namespace oodml::commands
