#include "core/commands/create_splits/class_features.h"
#include "core/data/select_classes.h"
#include "core/split_creation/class_means.h"

namespace oodml::commands {

Result<ClassFeatures> embed_classes(const data::Benchmark& benchmark, const BackboneOptions& options,
                                    const ShowShare& progress) {
  ClassFeatures features;
  for (const data::ImageClass& known : benchmark.classes) features.names.push_back(known.name);
  OODML_ASSIGN_OR_RETURN(const auto dataset, data::select_classes(benchmark, features.names, 0));
  split_creation::ClassMeans means(std::ssize(features.names));
  OODML_RETURN_IF_ERROR(
      backbone_features(dataset, options, progress,
                        [&](const torch::Tensor& rows, const torch::Tensor& labels) { means.add(rows, labels); }));
  OODML_ASSIGN_OR_RETURN(features.means, means.means());
  features.counts = means.counts();
  return features;
}

}  // namespace oodml::commands
