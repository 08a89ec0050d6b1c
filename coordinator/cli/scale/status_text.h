#pragma once

#include <string>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/scale/scale_state.h"

namespace oodml::cli::scale {

/// What a scaler found at its last look: a line a profile, then what is wrong and what no profile is for.
std::string status_text(const std::string& name, const ScaleState& state, Time now, const Style& style);

}  // namespace oodml::cli::scale
