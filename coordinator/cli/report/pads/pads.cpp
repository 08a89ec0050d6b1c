#include <algorithm>
#include <string>
#include <utility>

#include "coordinator/cli/report/figure_words.h"
#include "coordinator/cli/report/kinds.h"
#include "coordinator/cli/report/pads/figures.h"
#include "coordinator/cli/report/pads/results.h"
#include "coordinator/cli/report/pads/tables.h"
#include "coordinator/cli/report/select.h"
#include "core/base/words.h"

namespace oodml::cli::report {
namespace {

using pads::Method;

bool has_run_with(const std::vector<Method>& methods, const std::string& figure) {
  return std::ranges::any_of(methods, [&](const Method& method) {
    return std::ranges::any_of(method.runs,
                               [&](const Run* run) { return run->courses.contains(figure_of(*run, figure)); });
  });
}

std::vector<std::string> pads_figures_of(Section& section, const std::vector<Method>& methods,
                                         const ReportOptions& options) {
  std::vector<std::string> figures =
      options.metrics.empty() ? pads::study_figures(methods.front().benchmark) : options.metrics;
  std::vector<std::string> missing;
  std::erase_if(figures, [&](const std::string& figure) {
    const bool is_missing = !has_run_with(methods, figure);
    if (is_missing) missing.push_back(figure);
    return is_missing;
  });
  if (!missing.empty()) section.missing.push_back("no run on " + methods.front().benchmark + " has " + joined(missing));
  return figures;
}

Section pads_section(const std::vector<Method>& methods, const ReportOptions& options) {
  Section section{.title = methods.front().benchmark};
  const std::vector<std::string> figures = pads_figures_of(section, methods, options);
  const bool of_one = std::ranges::any_of(methods, [](const Method& method) { return method.runs.size() == 1; });
  if (of_one) section.missing.emplace_back("methods with one run have no deviation and no interval");
  if (!figures.empty()) {
    section.tables = {pads::best_table(methods, figures, options), pads::statistics_table(methods, figures, options)};
    pads::add_differences(section, methods, figures, options);
  }
  pads::add_bars(section, methods, options);
  for (const Method& method : methods) pads::add_sampling_figure(section, method);
  if (std::ranges::none_of(methods, &Method::learned))
    section.missing.emplace_back("no run with a learned sampling (sampler pads), so that there is no histogram of it");
  return section;
}

/// The methods of each benchmark; they come in that order.
std::vector<std::vector<Method>> by_benchmark(std::vector<Method> methods) {
  std::vector<std::vector<Method>> groups;
  for (Method& method : methods) {
    if (groups.empty() || groups.back().front().benchmark != method.benchmark) groups.emplace_back();
    groups.back().push_back(std::move(method));
  }
  return groups;
}

}  // namespace

Document make_pads(const std::vector<Run>& runs, const ReportOptions& options) {
  const std::int64_t min_epochs = options.min_epochs.value_or(0);
  Document document{.title = "Policy-adapted sampling", .sections = {}};
  Section overview{.title = "Runs"};
  overview.missing = missing_of(runs, min_epochs);
  document.sections.push_back(std::move(overview));
  for (const auto& methods : by_benchmark(pads::methods_of(runs, min_epochs, options)))
    document.sections.push_back(pads_section(methods, options));
  return document;
}

}  // namespace oodml::cli::report
