#pragma once

#include <string>

#include "core/splits/split_file.h"

namespace oodml::splits {

/// What `oodml splits show` prints: a line a split with its FID, its sizes and how many classes changed sides against
/// `base`, and the episodes. `base` is a split of the file.
std::string table_of_splits(const SplitFile& file, const Split& base);

/// {"version": 1, "benchmark": B, "base": ID, "splits": [{"id", "fid", "train", "test", "split_train", "split_val",
/// "episodes": {shots: episodes}, "into_train": [names], "into_test", "left_out", "added"}]}; sizes are numbers.
std::string json_of_splits(const SplitFile& file, const Split& base);

}  // namespace oodml::splits
