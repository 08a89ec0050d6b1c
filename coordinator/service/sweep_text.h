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

/// A file of code by the name that trials give it.
struct ScriptOfSweep {
  std::string file;
  std::string sha256;  ///< 64 lower-case hexadecimal digits.
};

struct SweepText {
  std::string yaml;
  std::string file_name;
  std::vector<std::pair<std::string, std::string>> overrides;
  std::vector<SplitIds> split_ids;     ///< That the caller knows.
  std::vector<ScriptOfSweep> scripts;  ///< That travel with it; the store has their contents.
  bool scripts_on_workers = false;     ///< Those that do not come with it lie on workers.
};

}  // namespace oodml::coordinator
