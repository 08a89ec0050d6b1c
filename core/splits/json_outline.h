#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::splits {

/// The keys of the object `splits`, in the order of the text, of a document that is well-formed JSON with no key twice
/// in a map and at most 8 levels deep. One pass that stores nothing but the keys of the maps it is inside of. The
/// failure has line and column, or the map's place.
Result<std::vector<std::string>> split_ids_of_json(std::string_view json);

}  // namespace oodml::splits
