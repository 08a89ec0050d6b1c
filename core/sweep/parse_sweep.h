#pragma once

#include <string>
#include <string_view>

#include "core/sweep/diagnostics.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_document.h"

namespace oodml::sweep {

/// The words of a sweep file: reads `yaml` and the command line's settings into `document`, reporting everything
/// that is wrong with names, shapes and single values. What could be read is there even after errors.
void parse_sweep(std::string_view yaml, const ExpandOptions& options, SweepDocument& document,
                 Diagnostics& diagnostics);

}  // namespace oodml::sweep
