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

/// Writes a table and a picture a split, a picture of all, and maps.json, the last and whether or not the pictures
/// could be drawn. The folder is made.
Status write_maps(const MapSplitsOptions& options, const SplitMaps& maps);

/// For a person, a line a split.
std::string table_of(const MapSplitsOptions& options, const SplitMaps& maps);

}  // namespace oodml::commands
