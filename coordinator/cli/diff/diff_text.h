#pragma once

#include <string>

#include "coordinator/cli/diff/sweep_diff.h"
#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"

namespace oodml::cli::diff {

/// What people read: at most 20 trials of each kind by name, shares in percent, differences as second - first.
std::string diff_text(const Report& report, const Style& style);

/// Every trial, raw values.
Json diff_json(const Report& report);

}  // namespace oodml::cli::diff
