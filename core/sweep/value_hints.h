#pragma once

#include <string>

#include "core/catalogue/component.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// What to write in place of a value of the wrong type, as the end of a message: "; write 1000" for 1_000, "; write
/// true" for yes. Empty where there is no telling. Of list types `wanted` is that of an item.
std::string hint_of(const Node& node, catalogue::ValueType wanted);

}  // namespace oodml::sweep
