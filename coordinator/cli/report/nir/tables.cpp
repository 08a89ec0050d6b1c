#include "coordinator/cli/report/nir/tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/summary.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::nir {
namespace {

constexpr Unit kEpochs = {.factor = 1.0, .decimals = 1};

std::vector<double> values_of(const Setting& setting, const std::string& figure, Choice choice) {
  std::vector<double> values;
  for (const Run* run : setting.runs) values.push_back(value_of(*run, figure, choice));
  return values;
}

/// What the plain loss reached with this seed, else on average.
double best_of_plain(const Setting& plain, std::int64_t seed, Choice choice) {
  for (const Run* run : plain.runs) {
    if (run->seed == seed) return value_of(*run, kRecall, choice);
  }
  return statistics::mean(values_of(plain, kRecall, choice));
}

/// Epochs of each run until it has what the plain loss reached; NaN where it never has.
std::vector<double> epochs_of(const Setting& setting, const Setting& plain, Choice choice) {
  std::vector<double> epochs;
  for (const Run* run : setting.runs) {
    const auto epoch = epochs_to(*run, best_of_plain(plain, run->seed, choice));
    epochs.push_back(epoch ? static_cast<double>(*epoch) : std::numeric_limits<double>::quiet_NaN());
  }
  return epochs;
}

Contestant contestant_of(const Setting& setting, const std::string& figure, Choice choice, bool is_baseline) {
  Contestant contestant{.method = setting.title(), .is_baseline = is_baseline, .values = {}};
  for (const Run* run : setting.runs) contestant.values[{"", run->seed}] = value_of(*run, figure, choice);
  return contestant;
}

}  // namespace

Table best_table(const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                 const ReportOptions& options) {
  Table table{.name = "nir_best",
              .caption = "Best test figures in %, mean ± " + spread_words(options.spread),
              .align = "lll" + std::string(figures.size() + 1, 'r'),
              .heading = {"benchmark", "method", "setting"},
              .rows = {}};
  for (const std::string& figure : figures) table.heading.push_back(figure_title(figure));
  table.heading.emplace_back("n");
  for (const Setting& setting : settings) {
    std::vector<std::string> row = {setting.benchmark, setting.method, setting.others_text()};
    std::size_t n = 0;
    for (const std::string& figure : figures) {
      const Summary summary = summary_of(values_of(setting, figure, options.choice), setting.expected, options.spread);
      n = std::max(n, summary.n);
      row.push_back(mean_text(summary, unit_of(figure)));
    }
    row.push_back(count_text(n, setting.expected));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table statistics_table(const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                       const ReportOptions& options) {
  std::vector<SummaryRow> rows;
  for (const std::string& figure : figures) {
    for (const Setting& setting : settings) {
      rows.push_back(
          {.cells = {setting.benchmark, figure_title(figure), setting.title()},
           .summary = summary_of(values_of(setting, figure, options.choice), setting.expected, options.spread),
           .unit = unit_of(figure)});
    }
  }
  return summary_table("nir_statistics", "Best test figures over seeds", {"benchmark", "figure", "setting"}, rows,
                       options.spread);
}

Table speed_table(const std::vector<Setting>& settings, Choice choice) {
  Table table{
      .name = "nir_speed",
      .caption =
          "Epochs until R@1 is at least the best R@1 of the plain loss (of the same seed where it was run, "
          "else of its mean); speed-up: the plain loss's epochs over them; n: runs that reach it",
      .align = "lllrrrrr",
      .heading = {"benchmark", "setting", "plain loss", "its best R@1", "its epochs", "epochs", "speed-up", "n"},
      .rows = {}};
  for (const Setting& setting : settings) {
    const Setting* plain = plain_of(settings, setting);
    if (setting.is_plain || plain == nullptr) continue;
    const double target = statistics::mean(values_of(*plain, kRecall, choice));
    const double before = statistics::mean(epochs_of(*plain, *plain, choice));
    const std::vector<double> epochs = epochs_of(setting, *plain, choice);
    const double after = statistics::mean(epochs);
    table.rows.push_back({setting.benchmark, setting.title(), plain->title(), number_text(target, kPercent),
                          number_text(before, kEpochs), std::isnan(after) ? "never" : number_text(after, kEpochs),
                          number_text(before / after, {1.0, 2}),
                          count_text(statistics::present(epochs).size(), setting.expected)});
  }
  return table;
}

void add_differences(Section& section, const std::vector<Setting>& settings, const std::vector<std::string>& figures,
                     const ReportOptions& options) {
  std::vector<Contest> contests;
  for (const std::string& figure : figures) {
    for (const Setting& setting : settings) {
      const Setting* plain = plain_of(settings, setting);
      if (setting.is_plain || plain == nullptr) continue;
      contests.push_back({.cells = {setting.benchmark, figure_title(figure), plain->title()},
                          .unit = unit_of(figure),
                          .methods = {contestant_of(*plain, figure, options.choice, true),
                                      contestant_of(setting, figure, options.choice, false)}});
    }
  }
  if (!contests.empty()) {
    add_comparison(section, "nir_differences", {"benchmark", "figure", "baseline"}, contests,
                   options.baseline.empty() ? "the plain loss" : options.baseline);
  }
}

}  // namespace oodml::cli::report::nir
