#pragma once

#include <string>

#include "coordinator/cli/report/document.h"

namespace oodml::cli::report {

/// Heading and rows, one a line.
std::string table_csv(const Table& table);

/// A `table` with `tabular` and the rules of booktabs, to be read with \input; its label is tab:NAME.
std::string table_latex(const Table& table);

}  // namespace oodml::cli::report
