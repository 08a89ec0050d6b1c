#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/splits/split_file_name.h"

namespace oodml::splits {

/// One train/test split of a benchmark (docs/splits.md#split-files), classes by name.
struct Split {
  std::string id;
  std::vector<std::string> train, test;
  std::optional<double> fid;                        ///< Distance between train and test classes, when known.
  std::vector<std::string> split_train, split_val;  ///< Partition of train for validation; empty when there is none.
  /// shots -> episode -> class -> support image file names
  std::map<std::int64_t, std::vector<std::map<std::string, std::vector<std::string>>>> test_episodes;
  /// shots -> episode -> classes of which all images are support; the form of SOP's file (docs/splits.md#split-files).
  /// For each number of shots there is this or the other.
  std::map<std::int64_t, std::vector<std::vector<std::string>>> episode_classes;

  /// SOP's file counts the classes of these lists instead of naming them: they hold class ids of the info files, in
  /// decimal digits, until data::name_classes has looked them up.
  bool validation_by_id = false, episodes_by_id = false;

  friend bool operator==(const Split&, const Split&) = default;
};

/// The splits of a benchmark. On disk: our own JSON, {"version": 1, "benchmark": ..., "splits": {"1": {...}, ...}} with
/// class ids as integers; or a pickle as the ooDML study published them (docs/splits.md#split-files).
struct SplitFile {
  std::string benchmark;
  std::vector<Split> splits;  ///< in the order of the file

  const Split* find(std::string_view id) const;
  friend bool operator==(const SplitFile&, const SplitFile&) = default;
};

/// The bytes of a split file of either form. A pickle does not name its benchmark; that is taken from `file_name`
/// (cars196_splits.pkl, cars196/splits.pkl). kInvalidArgument begins with the file's name and names the place in the
/// document (splits.3.train[7]), of a pickle also the byte, and what would be accepted: train and test disjoint and not
/// empty, split_train and split_val a partition of train, no name twice, names that stay in their folder, a FID from 0
/// on, episodes that have every test class with its files, or some of the test classes. What is odd but can be used is
/// told by remarks_on (split_remarks.h).
Result<SplitFile> parse_split_file(std::string_view bytes, std::string_view file_name);
Result<SplitFile> read_split_file(const std::filesystem::path& path);

/// The ids of a split file of either form, in its order, without reading what is below them; a key that is no id is
/// refused, as it is with the rest of the file.
Result<std::vector<std::string>> parse_split_ids(std::string_view bytes, std::string_view file_name);
Result<std::vector<std::string>> read_split_ids(const std::filesystem::path& path);

/// The split file that `name` means in a benchmark's folder: folder/name. Where splits.json is asked for but not there,
/// the published file under its own name is taken: <folder's name>_splits.pkl, then splits.pkl.
std::filesystem::path split_file_in(const std::filesystem::path& folder, const std::string& name = kUsualSplitFile);

/// Our own form, one list a line.
std::string to_json(const SplitFile& file);

}  // namespace oodml::splits
