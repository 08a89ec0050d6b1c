#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::data {

/// What a trial says about its sets, in the words of its keys.
struct SetRequest {
  std::string split = "default";     ///< An id of the split file, or default for the benchmark's own rule.
  std::filesystem::path split_file;  ///< JSON or a published pickle; read only for an id.
  std::string validation = "none";   ///< none; split: the file's split_train and split_val; classes: the last ones.
  double validation_fraction = 0.2;  ///< Share of the training classes that `classes` takes.
};

/// Class names of each set, in the order that numbers them.
struct ChosenSets {
  std::vector<std::string> train, test;
  std::vector<std::string> val;  ///< Empty without validation.
  std::optional<double> fid;     ///< Of the split, when its file knows it.
};

/// The classes to train, test and validate on. With validation they leave the training set: `classes` keeps the
/// first floor(n * (1 - fraction)) (training.md 1.4). Failures name the known split ids, all classes that are not on
/// disk, or the set that would be empty.
Result<ChosenSets> choose_sets(const Benchmark& benchmark, const SetRequest& request);

}  // namespace oodml::data
