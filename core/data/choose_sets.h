#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/splits/split_file.h"

namespace oodml::data {

/// What a trial says about its sets, in the words of its keys.
struct SetRequest {
  std::string split = "default";     ///< An id of the split file, or default for the benchmark's own rule.
  std::filesystem::path split_file;  ///< JSON or a published pickle; read only for an id.
  /// none; split: the file's split_train and split_val; classes: the last training classes; samples: images of each.
  std::string validation = "none";
  double validation_fraction = 0.2;  ///< Share of the training classes, or of the images of each, that validates.
};

/// Class names of each set, in the order that numbers them.
struct ChosenSets {
  std::vector<std::string> train, test;
  std::vector<std::string> val;  ///< Empty without validation; equal to train where images are held out.
  std::optional<double> fid;     ///< Of the split, when its file knows it.
  bool cuts_samples = false;     ///< Training and validation share the classes and part their images.
};

/// The classes to train, test and validate on, in the order of the split's lists; those of SOP by ascending class id.
/// With validation by class they leave the training set: of n classes the first share_kept(n, fraction) stay; by the
/// default rule of SOP, of each superclass, superclasses in the order of the info files; last_classes cuts all of
/// them together (docs/data.md#validation).
/// Failures name the split file and the known split ids, all classes that are not on disk, or the set that would be
/// empty.
Result<ChosenSets> choose_sets(const Benchmark& benchmark, const SetRequest& request);

/// The split itself, its classes by name in the same order: for its episodes. Failures as of choose_sets.
Result<splits::Split> choose_split(const Benchmark& benchmark, const SetRequest& request);

/// int(n * p) of the references, p = 1 - fraction: how many of n classes or images stay for training. As theirs it is
/// cut after the rounding of the product: of 90 with p = 0.7 there stay 62.
std::int64_t share_kept(std::int64_t n, double fraction);

}  // namespace oodml::data
