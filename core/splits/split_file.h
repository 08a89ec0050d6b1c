#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::splits {

/// One train/test split of a benchmark (spec splits.md 1), classes by name.
struct Split {
  std::string id;
  std::vector<std::string> train, test;
  std::optional<double> fid;                        ///< Distance between train and test classes, when known.
  std::vector<std::string> split_train, split_val;  ///< Partition of train for validation; empty when there is none.
  /// shots -> episode -> class -> support image file names
  std::map<std::int64_t, std::vector<std::map<std::string, std::vector<std::string>>>> test_episodes;
};

/// Our own split file: JSON, {"version": 1, "benchmark": ..., "splits": {"1": {...}, ...}}.
struct SplitFile {
  std::string benchmark;
  std::vector<Split> splits;  ///< in the order of the file

  const Split* find(std::string_view id) const;
};

/// kInvalidArgument names the place in the document (splits.3.train[7]) and what would be accepted:
/// train and test disjoint and not empty, split_train and split_val a partition of train, no name twice.
Result<SplitFile> parse_split_file(std::string_view json, std::string_view file_name);
Result<SplitFile> read_split_file(const std::filesystem::path& path);
std::string to_json(const SplitFile& file);

}  // namespace oodml::splits
