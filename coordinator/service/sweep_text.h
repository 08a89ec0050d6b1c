#pragma once

#include <string>
#include <utility>
#include <vector>

namespace oodml::coordinator {

/// The ids of a benchmark's split file, for `split: all`.
struct SplitIds {
  std::string benchmark, split_file;
  std::vector<std::string> ids;
};

struct SweepText {
  std::string yaml;
  std::string file_name;
  std::vector<std::pair<std::string, std::string>> overrides;
  std::vector<SplitIds> split_ids;  ///< That the caller knows.
};

}  // namespace oodml::coordinator
