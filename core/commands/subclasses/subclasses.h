#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/backbone_features.h"
#include "core/data/dataset.h"

namespace oodml::commands {

/// Images of one class that look alike.
struct Subclass {
  std::string name;                     ///< <class>_<number from 1 on, the largest first>
  std::vector<std::int64_t> positions;  ///< In the dataset, ascending.
};

struct Division {
  std::vector<Subclass> subclasses;  ///< By class, then number.
  std::vector<std::string> notes;    ///< Which were left out, and why.
};

/// Divides every class by k-means of its images' features.
///
/// features [N, F] float on the CPU, a row a sample of `dataset`. A class with fewer images than `per_class` has as
/// many clusters as images; clusters of fewer than `at_least` images are left out. Deterministic for a seed and a
/// number of threads. kInvalidArgument when nothing is left.
Result<Division> divide_classes(const data::Dataset& dataset, const torch::Tensor& features, std::int64_t per_class,
                                std::int64_t at_least, int seed);

/// Writes the division as a benchmark of layout image_folder, PNG files: <folder>/<subclass>/<position in class>.png.
/// The folder appears when all of it is written. kAlreadyExists when it is there, kInvalidArgument for class names that
/// cannot be folders.
Status write_image_folder(const data::Dataset& dataset, const std::vector<Subclass>& subclasses,
                          const std::filesystem::path& folder, const ShowShare& progress);

}  // namespace oodml::commands
