#include "coordinator/cli/report/pads/tables.h"

#include <algorithm>
#include <limits>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/summary.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::pads {
namespace {

constexpr const char* kRecall = "test:e_recall@1";
constexpr Unit kEpochs = {.factor = 1.0, .decimals = 1};

std::vector<double> values_of(const Method& method, const std::string& figure, const ReportOptions& options) {
  std::vector<double> values;
  for (const Run* run : method.runs) values.push_back(value_of(*run, figure, options.choice));
  return values;
}

double mean_epoch(const Method& method, const ReportOptions& options) {
  std::vector<double> epochs;
  for (const Run* run : method.runs) {
    const auto value = chosen(*run, figure_of(*run, kRecall), options.choice);
    epochs.push_back(value ? static_cast<double>(value->epoch) : std::numeric_limits<double>::quiet_NaN());
  }
  return statistics::mean(epochs);
}

Summary summary(const Method& method, const std::string& figure, const ReportOptions& options) {
  return summary_of(values_of(method, figure, options), method.expected, options.spread);
}

std::string name_of(const std::vector<Method>& methods, const char* what) {
  return "pads_" + file_word(methods.empty() ? "" : methods.front().benchmark) + what;
}

}  // namespace

Table best_table(const std::vector<Method>& methods, const std::vector<std::string>& figures,
                 const ReportOptions& options) {
  Table table{.name = name_of(methods, ""),
              .caption = methods.front().benchmark + ": test figures in %, mean ± " + spread_words(options.spread) +
                         ", and their mean epoch",
              .align = "ll" + std::string(figures.size() + 2, 'r'),
              .heading = {"method", "sampling"},
              .rows = {}};
  for (const std::string& figure : figures) table.heading.push_back(figure_title(figure));
  table.heading.insert(table.heading.end(), {"epoch", "n"});
  for (const Method& method : methods) {
    std::vector<std::string> row = {method.title, method.runs.empty() ? "-" : method.learned ? "learned" : "fixed"};
    std::size_t n = 0;
    for (const std::string& figure : figures) {
      const Summary of_figure = summary(method, figure, options);
      n = std::max(n, of_figure.n);
      row.push_back(mean_text(of_figure, unit_of(figure)));
    }
    row.push_back(number_text(mean_epoch(method, options), kEpochs));
    row.push_back(count_text(n, method.expected));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table statistics_table(const std::vector<Method>& methods, const std::vector<std::string>& figures,
                       const ReportOptions& options) {
  std::vector<SummaryRow> rows;
  for (const std::string& figure : figures) {
    for (const Method& method : methods) {
      rows.push_back({.cells = {figure_title(figure), method.title},
                      .summary = summary(method, figure, options),
                      .unit = unit_of(figure)});
    }
  }
  return summary_table(name_of(methods, "_statistics"), methods.front().benchmark + ": test figures over seeds",
                       {"figure", "method"}, rows, options.spread);
}

void add_differences(Section& section, const std::vector<Method>& methods, const std::vector<std::string>& figures,
                     const ReportOptions& options) {
  std::vector<Contest> contests;
  for (const std::string& figure : figures) {
    Contest contest{.cells = {methods.front().benchmark, figure_title(figure)}, .unit = unit_of(figure), .methods = {}};
    for (const Method& method : methods) {
      Contestant contestant{.method = method.title, .is_baseline = method.is_baseline, .values = {}};
      const std::vector<double> values = values_of(method, figure, options);
      for (std::size_t i = 0; i < values.size(); ++i)
        contestant.values[{method.runs[i]->split, method.runs[i]->seed}] = values[i];
      contest.methods.push_back(std::move(contestant));
    }
    contests.push_back(std::move(contest));
  }
  add_comparison(section, name_of(methods, "_differences"), {"benchmark", "figure"}, contests, options.baseline);
}

}  // namespace oodml::cli::report::pads
