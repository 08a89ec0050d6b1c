#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "coordinator/cli/report/kinds.h"
#include "coordinator/cli/report/revisiting/figures.h"
#include "coordinator/cli/report/revisiting/results.h"
#include "coordinator/cli/report/revisiting/tables.h"
#include "coordinator/cli/report/select.h"

namespace oodml::cli::report {
namespace {

using revisiting::Results;

std::string map_words(const Results& results) {
  if (results.map.empty()) return "There is no mAP in these runs";
  return "mAP is " + results.map.substr(results.map.find(':') + 1);
}

bool has_one_seed(const revisiting::Method& method) { return method.runs.size() == 1; }

Section revisiting_tables(const Results& results, const ReportOptions& options) {
  Section section{.title = "Tables"};
  section.paragraphs.push_back(
      "Each test figure is the largest over the epochs of a run unless chosen otherwise; figures of the training set are "
      "those at the epoch of the best test R@1. " +
      map_words(results) + ".");
  if (results.map.empty()) section.missing.emplace_back("no mAP was measured; its column is left out");
  const auto single = std::ranges::count_if(results.methods, has_one_seed);
  if (single > 0) {
    section.missing.push_back(
        fmt::format("{} of {} groups have one run with a result: no deviation and no interval of these", single,
                    results.methods.size()));
  }
  section.tables.push_back(revisiting::shared_table(results, options.spread));
  for (const std::string& benchmark : results.benchmarks)
    section.tables.push_back(revisiting::benchmark_table(results, benchmark, options.spread));
  section.tables.push_back(revisiting::statistics_table(results, options.spread));
  revisiting::add_differences(section, results, options.baseline);
  return section;
}

Section revisiting_structure(const Results& results, const ReportOptions& options) {
  Section section{.title = "Structure of the training set"};
  revisiting::add_structure_figure(section, results, options.spread);
  revisiting::add_rho_figure(section, results, options.spread);
  for (const std::string& benchmark : results.benchmarks)
    section.tables.push_back(revisiting::structure_table(results, benchmark, options.spread));
  return section;
}

Section revisiting_metrics(const Results& results, const ReportOptions& options) {
  Section section{.title = "Metrics and methods"};
  revisiting::add_correlation_figure(section, results);
  for (const std::string& benchmark : results.benchmarks) revisiting::add_bars(section, results, benchmark, options);
  return section;
}

}  // namespace

Document make_revisiting(const std::vector<Run>& runs, const ReportOptions& options) {
  const std::int64_t min_epochs = min_epochs_of(runs, options.min_epochs, revisiting::kFewestEpochs);
  const Results results = revisiting::results_of(runs, min_epochs, options);
  Document document{.title = "Revisiting training strategies", .sections = {}};
  document.sections = {revisiting_tables(results, options), revisiting_structure(results, options),
                       revisiting_metrics(results, options)};
  auto missing = missing_of(runs, min_epochs);
  std::ranges::move(document.sections.front().missing, std::back_inserter(missing));
  document.sections.front().missing = std::move(missing);
  return document;
}

}  // namespace oodml::cli::report
