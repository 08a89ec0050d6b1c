#pragma once

#include <string>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/revisiting/results.h"

namespace oodml::cli::report::revisiting {

/// name & R@1 & R@2 & F1 & mAP & NMI & best epoch & n: percent with two decimals, mean ± std over seeds.
Table benchmark_table(const Results& results, const std::string& benchmark, Spread spread);

/// R@1 and NMI of every benchmark, a row a method; "-" where it was not run.
Table shared_table(const Results& results, Spread spread);

/// The training set's distances and spectra at the epoch of the best test R@1.
Table structure_table(const Results& results, const std::string& benchmark, Spread spread);

/// Everything a reviewer asks of R@1 and NMI.
Table statistics_table(const Results& results, Spread spread);

/// R@1 and NMI against the baseline, into the section.
void add_differences(Section& section, const Results& results, const std::string& baseline);

}  // namespace oodml::cli::report::revisiting
