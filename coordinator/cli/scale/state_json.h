#pragma once

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/scale/scale_state.h"

namespace oodml::cli::scale {

/// A state as its file keeps it and `oodml scale status -o json` prints it; times in milliseconds.
Json json_of(const ScaleState& state);
/// kDataLoss: it is not such a document.
Result<ScaleState> state_of(const std::string& text);

}  // namespace oodml::cli::scale
