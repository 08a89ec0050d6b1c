#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/splits/split_file.h"

namespace oodml::splits {

/// The splits that a pickle holds, as the ooDML study published them (docs/splits.md#split-files): a dict from id to a
/// dict with train, test, fid, split_train, split_val and test_episodes. A failure names the place and the byte of the
/// value: "splits.3.train[7] (byte 1234): wants a name, not an integer".
Result<SplitFile> parse_split_pickle(std::string_view bytes, const std::string& benchmark);

/// The keys of the outermost dict alone.
Result<std::vector<std::string>> split_ids_of_pickle(std::string_view bytes);

}  // namespace oodml::splits
