#pragma once

#include <optional>
#include <string>

#include "core/base/params.h"
#include "core/catalogue/component.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// What was written -> the value that `parameter` wants, checked for type, range and choices. An integer is taken
/// where a number is wanted, True and TRUE for true, a plain scalar where a text is, and one value where a list of such
/// is. Errors name `key` and stand at the value (in a list: at its item).
std::optional<Value> typed_value(const catalogue::Parameter& parameter, const std::string& key, const Node& node,
                                 Diagnostics& diagnostics);

/// The integer that a plain scalar spells: 12, -3. Nothing for 1.0, 0x10, 012, '12' in quotes.
std::optional<std::int64_t> integer_of(const Node& node);

/// The number that a plain scalar spells: 12, 1e-5.
std::optional<double> number_of(const Node& node);

}  // namespace oodml::sweep
