#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/map_splits/chosen_splits.h"
#include "core/commands/map_splits/command.h"
#include "core/commands/map_splits/map_points.h"

namespace oodml::commands {

/// A map of the points of some splits.
struct SplitMaps {
  std::string benchmark;
  std::vector<ChosenSplit> splits;
  std::vector<std::string> class_names;  ///< That the points' classes number.
  MapPoints points;
  torch::Tensor map;                      ///< [N, 2] double
  std::optional<double> trustworthiness;  ///< Not of four points or fewer.
  std::int64_t trusted_neighbours = 0;    ///< Of how many neighbours that is.
};

/// The folder of the command line, or <benchmark>_maps.
std::filesystem::path folder_of(const MapSplitsOptions& options, const std::string& benchmark);

/// Makes the folder and writes map_<id>.csv for each split.
Status write_tables(const MapSplitsOptions& options, const SplitMaps& maps);

/// Draws a picture a split and one of all; kFailedPrecondition where gnuplot cannot.
Status draw_pictures(const MapSplitsOptions& options, const SplitMaps& maps);

/// Writes maps.json, which names files of the same folder:
///   {"version": 1, "benchmark": "cub200", "method": "umap" or "pca", "what": "classes" or "images",
///    "features": the backbone or a file, "weights": their name or null, "seed": 0,
///    "umap": {"neighbours": 15, "min_dist": 0.1, "metric": "euclidean"},           not of pca
///    "points": 200, "trustworthiness": 0.97 or null, "trustworthiness_neighbours": 15,
///    "pictures": {"pdf": "picture_all.pdf", "svg": "picture_all.svg"},             empty where none was drawn
///    "splits": [{"id": "1", "role": "easy", "default", "hard" or null, "fid": 19.16 or null,
///                "points": {"train": 100, "test": 100, "removed": 0}, "csv": "map_1.csv",
///                "pictures": {"pdf": "picture_1.pdf", "svg": "picture_1.svg"}}, ...]}
Status write_index(const MapSplitsOptions& options, const SplitMaps& maps, bool is_drawn);

/// For a person, a line a split.
std::string table_of(const MapSplitsOptions& options, const SplitMaps& maps);

}  // namespace oodml::commands
