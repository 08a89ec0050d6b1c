#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/splits/split_file.h"

namespace oodml::splits {

/// Why another episode of so many shots cannot stand beside those that `split` has: all of them name files, or none.
std::string_view why_other_form(const Split& split, std::int64_t shots, bool names_files);

/// What the lists of a split must obey; `place` ("splits.3") begins the message. Where one list has a name that another
/// lacks and the other way round, both places are named: which of them is wrong only a person can tell. Lists that hold
/// class ids can only be held against each other: data::name_classes checks again when it knows their names.
Status check_split(const Split& split, const std::string& place);

}  // namespace oodml::splits
