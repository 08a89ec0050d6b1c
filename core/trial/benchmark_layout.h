#pragma once

#include <string>

#include "core/base/result.h"

namespace oodml::trial {

/// How a benchmark's folder is read: `asked`, or where that is empty or `default` as the catalogue says.
/// kInvalidArgument names the layouts when neither knows.
Result<std::string> layout_of(const std::string& benchmark, const std::string& asked);

}  // namespace oodml::trial
