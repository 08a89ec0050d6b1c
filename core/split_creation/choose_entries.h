#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/split_creation/progression.h"

namespace oodml::split_creation {

/// Which entries of a progression become splits: their places in `entries`. No entry is chosen twice.

/// The entries with these keys, in the order asked for. kInvalidArgument names a key that was not recorded.
Result<std::vector<std::size_t>> entries_of_keys(const std::vector<Entry>& entries,
                                                 const std::vector<std::string>& keys);

/// For each wanted FID the entry with the nearest one (of equals the first), by ascending wanted FID. kInvalidArgument
/// when two wants meet in one entry, or one lies outside of what was recorded by more than a tenth.
Result<std::vector<std::size_t>> entries_of_fids(const std::vector<Entry>& entries, std::vector<double> wanted);

/// `count` entries over the whole range of FIDs at even distances, the start among them where it was recorded, by
/// ascending FID. kInvalidArgument when there are fewer.
Result<std::vector<std::size_t>> spread_entries(const std::vector<Entry>& entries, std::int64_t count);

}  // namespace oodml::split_creation
