#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "coordinator/cli/report/figure_words.h"
#include "coordinator/cli/report/kinds.h"
#include "coordinator/cli/report/nir/curves.h"
#include "coordinator/cli/report/nir/results.h"
#include "coordinator/cli/report/nir/tables.h"
#include "coordinator/cli/report/select.h"
#include "core/base/words.h"

namespace oodml::cli::report {
namespace {

using nir::Setting;

bool lies_in(const std::vector<Setting>& settings, const std::string& figure) {
  return std::ranges::any_of(settings, [&](const Setting& setting) {
    return std::ranges::any_of(setting.runs,
                               [&](const Run* run) { return run->courses.contains(figure_of(*run, figure)); });
  });
}

/// Those that any run has; the others are told.
std::vector<std::string> measured_figures(Section& section, const std::vector<Setting>& settings,
                                          const std::vector<std::string>& wanted) {
  std::vector<std::string> there, missing;
  for (const std::string& figure : wanted) (lies_in(settings, figure) ? there : missing).push_back(figure);
  if (!missing.empty()) section.missing.push_back("no run has " + joined(missing));
  return there;
}

Section nir_table_section(const std::vector<Setting>& settings, const ReportOptions& options) {
  Section section{.title = "Best figures"};
  const auto figures = measured_figures(section, settings, options.metrics.empty() ? nir::kFigures : options.metrics);
  const auto of_one = std::ranges::count_if(settings, [](const Setting& setting) { return setting.runs.size() == 1; });
  if (of_one > 0) {
    section.missing.push_back(std::to_string(of_one) + " of " + std::to_string(settings.size()) +
                              " settings have one run with a result: no deviation and no interval of these");
  }
  if (figures.empty()) return section;
  section.tables = {nir::best_table(settings, figures, options), nir::statistics_table(settings, figures, options)};
  nir::add_differences(section, settings, figures, options);
  return section;
}

/// Benchmarks on which nothing tells how fast the plain loss is.
std::vector<std::string> without_plain(const std::vector<Setting>& settings) {
  std::set<std::string> names;
  for (const Setting& setting : settings) {
    if (plain_of(settings, setting) == nullptr) names.insert(setting.benchmark);
  }
  return {names.begin(), names.end()};
}

Section nir_speed_section(const std::vector<Setting>& settings, const ReportOptions& options) {
  Section section{.title = "Convergence"};
  section.paragraphs.emplace_back(
      "A setting is compared with the plain loss of its benchmark that is alike in most other labels: the study has one a "
      "benchmark, 128 wide with average pooling.");
  const auto without = without_plain(settings);
  if (!without.empty()) {
    section.missing.push_back("no plain proxy loss on " + joined(without) +
                              (options.baseline.empty() ? "" : " by --baseline " + options.baseline) +
                              ": nothing to compare the speed with");
  }
  nir::add_convergence_figure(section, settings, options.choice);
  if (section.figures.empty()) section.missing.emplace_back("no run has test:e_recall@1");
  Table table = nir::speed_table(settings, options.choice);
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

}  // namespace

Document make_nir(const std::vector<Run>& runs, const ReportOptions& options) {
  const std::int64_t min_epochs = options.min_epochs.value_or(0);
  const std::vector<Setting> settings = nir::settings_of(runs, min_epochs, options);
  Document document{.title = "Non-isotropy regularisation", .sections = {}};
  document.sections = {nir_table_section(settings, options), nir_speed_section(settings, options)};
  const std::vector<std::string> missing = missing_of(runs, min_epochs);
  Section& first = document.sections.front();
  first.missing.insert(first.missing.begin(), missing.begin(), missing.end());
  return document;
}

}  // namespace oodml::cli::report
