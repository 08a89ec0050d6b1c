#pragma once

#include <string>
#include <string_view>

#include "core/base/params.h"

namespace oodml::sweep {

/// A text as YAML that reads back as the same text: plain where that is safe, else in double quotes.
std::string yaml_text(std::string_view text);

/// A value as YAML that reads back with every bit: 1e-05, [1, 2], [test, "a b"].
std::string yaml_value(const Value& value);

}  // namespace oodml::sweep
