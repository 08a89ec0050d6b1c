#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/splits/split_file.h"

namespace oodml::splits {

/// Well-formed JSON, no key twice in a map, at most 8 levels deep; found in one pass that stores nothing of the
/// document but the keys of the maps it is inside of. The message has line and column, or the map's place.
Status check_json(std::string_view json);

/// What the lists of a split must obey; `place` ("splits.3") begins the message.
Status check_split(const Split& split, const std::string& place);

}  // namespace oodml::splits
