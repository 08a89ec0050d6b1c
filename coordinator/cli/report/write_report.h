#pragma once

#include <filesystem>
#include <string>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/page.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// Whether a report may be written there: nothing stands under the name, an empty folder, or an earlier report as it
/// was written. kFailedPrecondition names what a new one would take away: files of others, scripts and tables that were
/// changed since.
Status check_target(const std::filesystem::path& folder);

/// What was written; `drawn` says why there are no pictures, where there is no gnuplot or it failed.
struct Written {
  Status drawn;
};

/// Writes figures, tables and index.html into the folder, whose parent folders are made. It is made whole beside the
/// folder and then takes its name: an interrupted report leaves the old one.
Result<Written> write_report(const Document& document, const Heading& heading, const std::filesystem::path& folder);

}  // namespace oodml::cli::report
