#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace oodml::worker {

/// Looks at what lies below a weights root: the names of files that a trial could start from, without their endings
/// (catalogue::kWeightsEndings), as in resnet50-imagenet.
class WeightsScan {
 public:
  /// An empty root has no weights.
  explicit WeightsScan(std::filesystem::path root) : root_(std::move(root)) {}

  /// Sorted, each once. A root that cannot be listed has none, which is logged when it
  /// begins.
  std::vector<std::string> operator()();

 private:
  std::filesystem::path root_;
  bool complained_ = false;
};

}  // namespace oodml::worker
