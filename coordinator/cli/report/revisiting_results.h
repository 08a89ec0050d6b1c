#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"
#include "coordinator/cli/report/summary.h"

namespace oodml::cli::report::revisiting {

/// Test figures, each at its own best epoch: R@1, R@2, R@4, NMI, F1; the mAP comes as MapColumn.
inline constexpr const char* kRecall = "test:e_recall@1";
inline const std::vector<std::string> kTest = {kRecall, "test:e_recall@2", "test:e_recall@4", "test:nmi", "test:f1"};
/// Of the training set, read at the epoch of the best test R@1.
inline constexpr const char* kRho = "train:rho_spectrum@2";
inline const std::vector<std::string> kStructure = {"train:dists@intra", "train:dists@inter",
                                                    "train:dists@intra_over_inter", kRho};
inline const std::vector<std::string> kOtherSpectra = {"train:rho_spectrum@-1", "train:rho_spectrum@1",
                                                       "train:rho_spectrum@10"};
/// Runs with at most 40 epochs are dropped.
inline constexpr std::int64_t kFewestEpochs = 41;

/// A method on a benchmark: what its seeds measured. Values are in the runs' order, NaN where one has none.
struct Method {
  std::string benchmark, title;
  bool regularised = false, is_baseline = false;
  std::size_t expected = 0;
  std::vector<Measured> runs;
  std::map<std::string, std::vector<double>> values;  ///< By figure.
  std::vector<double> best_epochs;                    ///< Of test R@1.

  Summary summary(const std::string& figure, Spread spread) const;
  double mean(const std::string& figure) const;
};

struct Results {
  std::vector<std::string> benchmarks;  ///< CUB, CARS, SOP first.
  std::vector<Method> methods;          ///< Plain ones first, each part in the alphabet's order.
  std::string map;                      ///< The mAP that is there: "test:mAP_lim", ...; empty: none.
  std::vector<std::string> asked_for;   ///< ReportOptions::metrics: what tables of a benchmark show instead.

  std::vector<const Method*> of(const std::string& benchmark) const;
  std::vector<std::string> test_figures() const;   ///< kTest and the mAP.
  std::vector<std::string> table_figures() const;  ///< Of the study's rows, R@1, R@2, F1, mAP, NMI; or those asked for.
};

/// "88/90": runs of these methods that have the figure.
std::string count_of(const std::vector<const Method*>& methods, const std::string& figure);

/// Groups are those of Run::group on a benchmark.
/// Source: Roth et al., ICML 2020, its report generator; docs/statistics.md#revisiting.
Results results_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options);

}  // namespace oodml::cli::report::revisiting
