#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/commands/backbone_features.h"
#include "core/commands/benchmark_options.h"
#include "core/embedding_files/choices.h"

namespace oodml::commands {

/// What `oodml-core splits map` is told.
struct MapSplitsOptions {
  BenchmarkOptions from;             ///< Its benchmark empty: a split file and a file of features.
  std::filesystem::path file;        ///< Of splits; empty: that in the benchmark's folder.
  std::vector<std::string> splits;   ///< Ids; empty: the first, the default and the last of the file.
  std::string features, labels;      ///< Files of features; empty: from the backbone.
  embedding_files::Choices choices;  ///< Of what is in them.
  BackboneOptions backbone;

  std::string method = "umap", what = "classes", metric = "euclidean";
  std::int64_t images_per_class = 0;  ///< 0: all
  std::int64_t max_images = 5000;     ///< Where images are drawn.
  std::int64_t neighbours = 15;
  double min_dist = 0.1;
  std::uint64_t seed = 0;
  std::filesystem::path output;  ///< Folder; empty: <benchmark>_maps
  bool force = false;
};

/// Adds `map` to the command `splits`; it fills `options`.
CLI::App* add_map_splits(CLI::App& splits, MapSplitsOptions& options);

/// Maps, writes the files, prints a table; gives the exit code.
int run_map_splits(const MapSplitsOptions& options);

}  // namespace oodml::commands
