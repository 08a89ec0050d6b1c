#pragma once

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/revisiting/results.h"

namespace oodml::cli::report::revisiting {

/// Fewer methods than this say nothing of a correlation.
inline constexpr std::size_t kFewestMethods = 3;

/// A row a benchmark, columns π_intra, π_inter, π_ratio and ρ of the training set against test R@1: a point a plain
/// method with its deviation over seeds, the least-squares line, and Pearson's r. The published ranges of R@1 are kept,
/// widened where points lie outside.
void add_structure_figure(Section& section, const Results& results, Spread spread);

/// Pearson's r between the methods' means of R@1, R@2, R@4, NMI, F1 and mAP, a matrix a benchmark.
void add_correlation_figure(Section& section, const Results& results);

/// R@1 against ρ with the methods' names, a panel a benchmark: plain ones blue, regularised ones orange.
void add_rho_figure(Section& section, const Results& results, Spread spread);

/// R@1 of all methods of a benchmark as lying bars, the best at the top.
void add_bars(Section& section, const Results& results, const std::string& benchmark, const ReportOptions& options);

}  // namespace oodml::cli::report::revisiting
