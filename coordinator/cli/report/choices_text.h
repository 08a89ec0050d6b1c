#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/report/options.h"

namespace oodml::cli::report {

/// How values were chosen and what stands behind ±, one sentence each, for the page.
std::vector<std::string> choices_text(const ReportOptions& options);

}  // namespace oodml::cli::report
