#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/splits/split_file.h"

namespace oodml::splits {

/// Why this can be neither a class nor a file name; empty when it can. A slash may stand in it, but the name must not
/// lead out of its folder.
std::string_view why_bad_name(std::string_view name);

/// Why this can be no distance of two sets of classes; empty when it can.
std::string_view why_bad_fid(double fid);

/// Why another episode of so many shots cannot stand beside those that `split` has: all of them name files, or none.
std::string_view why_other_form(const Split& split, std::int64_t shots, bool names_files);

/// The number of shots that a key of test_episodes is, 1 to 1000.
Result<std::int64_t> parse_shots(std::string_view key, const std::string& place);

/// 1 to 64 of a-z A-Z 0-9 . _ -, not hidden, no option of a command line, and none of the words that a sweep knows.
Status check_split_id(std::string_view id);

/// What the lists of a split must obey; `place` ("splits.3") begins the message. Where one list has a name that another
/// lacks and the other way round, both places are named: which of them is wrong only a person can tell. Lists that hold class ids can only be
/// held against each other: data::name_classes checks again when it knows their names.
Status check_split(const Split& split, const std::string& place);

}  // namespace oodml::splits
