#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace oodml::worker {

struct WeightsBelow {
  std::vector<std::string> names;  ///< Of files that a trial could start from, without ending; sorted, each once.
  std::set<std::string> strange;   ///< Files whose name cannot be announced (is_plain_name).
  std::error_code error;           ///< Why the root cannot be listed.
};

/// The files of weights below `root`, by their endings (catalogue::kWeightsEndings), as in resnet50-imagenet. An empty
/// root has none.
WeightsBelow weights_below(const std::filesystem::path& root);

/// Looks at what lies below a weights root. Of all that look there this one tells people what is wrong with it.
class WeightsScan {
 public:
  explicit WeightsScan(std::filesystem::path root) : root_(std::move(root)) {}

  /// The names of weights_below. That the root cannot be listed, or a name not be announced, is logged when it begins.
  std::vector<std::string> operator()();

 private:
  std::filesystem::path root_;
  bool complained_ = false;
  std::set<std::string> strange_;  ///< As of the last look.
};

}  // namespace oodml::worker
