#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/create_splits/class_features.h"
#include "core/data/dataset.h"
#include "core/split_creation/make_splits.h"

namespace oodml::commands {

/// What is exchanged between training and test set: classes, or in superclass mode all classes of a category at once.
/// In order of their names, compared byte by byte (docs/splits.md#features).
struct Units {
  std::vector<std::string> names;
  split_creation::Members members;        ///< Class names of each.
  torch::Tensor means;                    ///< [units, D] of the kind of the classes'.
  std::vector<std::int64_t> train, test;  ///< Numbers, ascending: the split that is started from.
};

/// Every class by itself; those of `train` are the training set, all others the test set. kInvalidArgument names
/// entries of `train` that are no class.
Result<Units> units_of_classes(const ClassFeatures& features, const std::vector<std::string>& train);

/// Classes by category: the mean of all their rows. The first half of the categories is the training set.
/// category_of: of every class.
Units units_of_categories(const ClassFeatures& features, const std::map<std::string, std::string>& category_of);

/// The folder that a class's first image lies in, for every class.
std::map<std::string, std::string> image_folders(const data::Benchmark& benchmark);

/// Class -> the names of its image files, without folders.
split_creation::Files image_files(const data::Benchmark& benchmark);

}  // namespace oodml::commands
