#include "coordinator/cli/report/revisiting_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statistics/moments.h"

namespace oodml::cli::report::revisiting {
namespace {

const std::vector<std::string> kShared = {kRecall, "test:nmi"};

std::string epoch_text(const Method& method) { return number_text(statistics::mean(method.best_epochs), {1.0, 1}); }

std::string count_text_of(const Method& method) {
  return count_text(statistics::present(method.values.at(kRecall)).size(), method.expected);
}

std::vector<std::string> row_of(const Method& method, const std::vector<std::string>& figures, Spread spread) {
  std::vector<std::string> row = {method.title};
  for (const std::string& figure : figures) row.push_back(mean_text(method.summary(figure, spread), unit_of(figure)));
  return row;
}

/// Methods by their titles, plain ones first; both are in the order of the results.
std::vector<std::string> titles_of(const Results& results) {
  std::vector<std::string> titles;
  for (const Method& method : results.methods) {
    if (std::ranges::find(titles, method.title) == titles.end()) titles.push_back(method.title);
  }
  return titles;
}

const Method* find(const Results& results, const std::string& benchmark, const std::string& title) {
  for (const Method* method : results.of(benchmark)) {
    if (method->title == title && !method->runs.empty()) return method;
  }
  return nullptr;
}

Contest contest_of(const Results& results, const std::string& benchmark, const std::string& figure) {
  Contest contest{.cells = {benchmark, figure_title(figure)}, .unit = unit_of(figure), .methods = {}};
  for (const Method* method : results.of(benchmark)) {
    Contestant contestant{.method = method->title, .is_baseline = method->is_baseline, .values = {}};
    for (std::size_t i = 0; i < method->runs.size(); ++i)
      contestant.values[method->runs[i]] = method->values.at(figure)[i];
    contest.methods.push_back(std::move(contestant));
  }
  return contest;
}

}  // namespace

Table benchmark_table(const Results& results, const std::string& benchmark, Spread spread) {
  const std::vector<std::string> figures = results.table_figures();
  Table table{.name = "revisiting_" + file_word(benchmark),
              .caption = benchmark + ": test figures in %, mean ± " + spread_words(spread) +
                         ", and the mean epoch of the best R@1",
              .align = "l" + std::string(figures.size() + 2, 'r'),
              .heading = {"Method"},
              .rows = {}};
  for (const std::string& figure : figures) table.heading.push_back(figure_title(figure));
  table.heading.insert(table.heading.end(), {"epoch", "n"});
  for (const Method* method : results.of(benchmark)) {
    std::vector<std::string> row = row_of(*method, figures, spread);
    row.insert(row.end(), {epoch_text(*method), count_text_of(*method)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table shared_table(const Results& results, Spread spread) {
  Table table{.name = "revisiting_all",
              .caption = "Test figures in %, mean ± " + spread_words(spread) +
                         "; -: not run, or no result; n: runs of all benchmarks",
              .align = "l" + std::string(2 * results.benchmarks.size() + 1, 'r'),
              .heading = {"Method"},
              .rows = {}};
  for (const std::string& benchmark : results.benchmarks) {
    for (const std::string& figure : kShared) table.heading.push_back(benchmark + " " + figure_title(figure));
  }
  table.heading.emplace_back("n");
  for (const std::string& title : titles_of(results)) {
    std::vector<std::string> row = {title};
    for (const std::string& benchmark : results.benchmarks) {
      const Method* method = find(results, benchmark, title);
      for (const std::string& figure : kShared)
        row.push_back(method == nullptr ? "-" : mean_text(method->summary(figure, spread), kPercent));
    }
    std::size_t n = 0, expected = 0;
    for (const Method& method : results.methods) {
      if (method.title != title) continue;
      n += statistics::present(method.values.at(kRecall)).size();
      expected += method.expected;
    }
    row.push_back(count_text(n, expected));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table structure_table(const Results& results, const std::string& benchmark, Spread spread) {
  std::vector<std::string> figures = kStructure;
  figures.insert(figures.end(), kOtherSpectra.begin(), kOtherSpectra.end());
  Table table{.name = "revisiting_" + file_word(benchmark) + "_train",
              .caption = benchmark + ": the embedded training set at the epoch of the best test R@1, mean ± " +
                         spread_words(spread),
              .align = "l" + std::string(figures.size() + 1, 'r'),
              .heading = {"Method"},
              .rows = {}};
  for (const std::string& figure : figures) table.heading.push_back(figure_title(figure).substr(6));  // "train "
  table.heading.emplace_back("n");
  for (const Method* method : results.of(benchmark)) {
    std::vector<std::string> row = row_of(*method, figures, spread);
    row.push_back(count_text(statistics::present(method->values.at(kRho)).size(), method->expected));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table statistics_table(const Results& results, Spread spread) {
  std::vector<SummaryRow> rows;
  for (const std::string& benchmark : results.benchmarks) {
    for (const std::string& figure : kShared) {
      for (const Method* method : results.of(benchmark)) {
        rows.push_back({.cells = {benchmark, figure_title(figure), method->title},
                        .summary = method->summary(figure, spread),
                        .unit = unit_of(figure)});
      }
    }
  }
  return summary_table("revisiting_statistics", "R@1 and NMI over seeds", {"benchmark", "figure", "method"}, rows,
                       spread);
}

void add_differences(Section& section, const Results& results, const std::string& baseline) {
  std::vector<Contest> contests;
  for (const std::string& benchmark : results.benchmarks) {
    for (const std::string& figure : kShared) contests.push_back(contest_of(results, benchmark, figure));
  }
  add_comparison(section, "revisiting_differences", {"benchmark", "figure"}, contests, baseline);
}

}  // namespace oodml::cli::report::revisiting
