#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/catalogue/program_keys.h"

namespace oodml::sweep {

/// The parameters that a program declares, a line each: `lr: number`. Of the types of catalogue::param_types().
/// kInvalidArgument has one line an error, with its place.
Result<catalogue::DeclaredParams> parse_declared_params(std::string_view yaml, std::string_view file_name);

}  // namespace oodml::sweep
