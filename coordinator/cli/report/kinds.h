#pragma once

#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

// One function a kind, in the file of its name. All runs come in, those that did not succeed as well, so that what is
// missing can be counted (select.h); a function never fails: what it cannot show it names in Section::missing.

Document make_revisiting(const std::vector<Run>& runs, const ReportOptions& options);
Document make_oodml(const std::vector<Run>& runs, const ReportOptions& options);
Document make_few_shot(const std::vector<Run>& runs, const ReportOptions& options);
Document make_nir(const std::vector<Run>& runs, const ReportOptions& options);
Document make_pads(const std::vector<Run>& runs, const ReportOptions& options);

}  // namespace oodml::cli::report
