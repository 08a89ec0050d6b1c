#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/splits/split_file.h"

namespace oodml::splits {

/// The JSON form of a split file, as parse_split_file reads it; messages begin with the place in the document.
Result<SplitFile> parse_split_json(std::string_view json);

}  // namespace oodml::splits
