#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::splits {

/// Why this can be neither a class nor a file name; empty when it can. A slash may stand in it, but the name must not
/// lead out of its folder.
std::string_view why_bad_name(std::string_view name);

/// Why this can be no distance of two sets of classes; empty when it can.
std::string_view why_bad_fid(double fid);

/// The number of shots that a key of test_episodes is, 1 to 1000.
Result<std::int64_t> parse_shots(std::string_view key, const std::string& place);

/// 1 to 64 of a-z A-Z 0-9 . _ -, not hidden, no option of a command line, and none of the words that a sweep knows.
Status check_split_id(std::string_view id);

}  // namespace oodml::splits
