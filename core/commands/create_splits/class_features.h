#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/commands/backbone_features.h"
#include "core/data/dataset.h"
#include "core/embedding_files/choices.h"

namespace oodml::commands {

/// One point a class: the mean of its images' features.
struct ClassFeatures {
  std::vector<std::string> names;  ///< In the benchmark's order, or else that in which the file has them.
  torch::Tensor means;             ///< [C, D] finite; double where a file has doubles, else float.
  torch::Tensor counts;            ///< [C] int64, rows that the mean is of
  std::vector<std::string> notes;  ///< What was taken for what in a file, for its owner.
};

/// Rows of a file of features.
struct FeatureRows {
  torch::Tensor rows;                 ///< [N, D] finite; double where the file has doubles, else float.
  std::vector<std::int64_t> classes;  ///< [N] numbers in `names`
  std::vector<std::string> names;     ///< As of ClassFeatures.
  std::vector<std::string> notes;
};

/// From a file of features with labels (core/embedding_files). With a benchmark the labels are its class names, or all
/// of them numbers of its classes in its order; without one they are the names. `labels_file` empty: the labels are in
/// `file`.
Result<FeatureRows> read_feature_rows(const std::string& file, const std::string& labels_file,
                                      const embedding_files::Choices& choices, const data::Benchmark* benchmark);

/// From such a file, a row an image or a row a class; with a benchmark every class has a row.
Result<ClassFeatures> read_class_features(const std::string& file, const std::string& labels_file,
                                          const embedding_files::Choices& choices, const data::Benchmark* benchmark);

/// Writes names' numbers and means as a file of features with labels that read_class_features takes with the same
/// benchmark.
Status write_class_features(const std::filesystem::path& path, const ClassFeatures& features);

/// The means of the pooled, unnormalised features of all images of the benchmark, evaluation mode and transform.
/// `progress` gets the share of the images that is done.
Result<ClassFeatures> embed_classes(const data::Benchmark& benchmark, const BackboneOptions& options,
                                    const ShowShare& progress);

}  // namespace oodml::commands
