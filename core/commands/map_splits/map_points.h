#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/map_splits/command.h"
#include "core/data/dataset.h"

namespace oodml::commands {

/// What is mapped.
struct MapPoints {
  torch::Tensor rows;                 ///< [N, D] features: of classes their means
  std::vector<std::int64_t> classes;  ///< [N] numbers in the list that was asked for
  std::vector<std::string> images;    ///< [N] files, or numbers of a file's rows from 1 on; of classes empty.
  std::vector<std::string> notes;     ///< For the one who asked.
};

/// The points of these classes: one for each, or images of them, of which at most `max_images` are drawn at random by
/// the seed. kInvalidArgument where classes have no features; benchmark may be null where there is a file of features.
Result<MapPoints> map_points(const MapSplitsOptions& options, const std::vector<std::string>& class_names,
                             const data::Benchmark* benchmark, const ShowShare& progress);

/// `wanted` of the numbers 0 to n - 1, ascending, drawn without replacement; all of them where 0 or n and more are
/// wanted.
std::vector<std::int64_t> drawn_positions(std::int64_t n, std::int64_t wanted, std::uint64_t seed);

}  // namespace oodml::commands
