#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/commands/benchmark_options.h"
#include "core/commands/create_splits/class_features.h"
#include "core/embedding_files/choices.h"
#include "core/split_creation/make_splits.h"

namespace oodml::commands {

/// What `oodml-core splits create` is told.
struct CreateSplitsOptions {
  BenchmarkOptions from;             ///< Its benchmark empty: only files of features.
  std::string features, labels;      ///< Files of features; empty: from the backbone.
  embedding_files::Choices choices;  ///< Of what is in them.
  BackboneOptions backbone;
  std::string train_classes;  ///< File of class names; empty: the benchmark's rule.
  bool superclasses = false;

  std::optional<std::int64_t> iterations, removal_iterations, inverse_iterations, swaps, history, inverse_history;
  std::string fid_form = "cheap";
  std::vector<std::string> parity;  ///< S2, S3

  std::vector<std::string> keys;
  std::vector<double> fids;
  std::int64_t count = 8;  ///< Where neither keys nor fids are named.
  split_creation::SplitOptions lists;

  std::string output, csv, save_features;  ///< output empty: [super_]<benchmark>_splits.json
  bool force = false;
};

/// Adds `create` to the command `splits`; it fills `options`.
CLI::App* add_create_splits(CLI::App& splits, CreateSplitsOptions& options);

/// Makes the splits, writes the files, prints a table; gives the exit code.
int run_create_splits(const CreateSplitsOptions& options);

}  // namespace oodml::commands
