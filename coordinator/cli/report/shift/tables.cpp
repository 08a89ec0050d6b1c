#include "coordinator/cli/report/shift/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/figure_words.h"

namespace oodml::cli::report {
namespace {

constexpr const char* kRecall = "test:e_recall@1";

/// Those of the study, or what people asked for, as far as any run has measured them; the first mAP there is.
std::vector<std::string> columns_of(const ShiftGrid& grid, const ReportOptions& options) {
  std::vector<std::string> wanted = options.metrics;
  if (wanted.empty()) {
    wanted = {kRecall, "test:e_recall@2"};
    for (const char* map : {"test:mAP_1000", "test:mAP_lim", "test:mAP_c", "test:mAP"}) {
      if (!has_figure(grid, map)) continue;
      wanted.emplace_back(map);
      break;
    }
    wanted.emplace_back("test:nmi");
  }
  std::erase_if(wanted, [&](const std::string& figure) { return !has_figure(grid, figure); });
  return wanted;
}

std::string split_text(const ShiftGrid::Split& split) {
  return split.id + (split.is_default && split.id != "default" ? " (default)" : "");
}

std::string fid_text(const ShiftGrid::Split& split) { return split.fid ? fmt::format("{:.1f}", *split.fid) : "-"; }

std::string choice_text(const Group& cell, Choice choice, const ReportOptions& options) {
  return mean_text(summary_of(values_of(cell, kRecall, choice), cell.expected, options.spread), unit_of(kRecall));
}

bool has_validation(const ShiftGrid& grid) { return has_figure(grid, "val:e_recall@1"); }

Table means_table(const ShiftGrid& grid, const std::vector<std::string>& columns, const ReportOptions& options) {
  Table table{.name = "recall_" + file_word(grid.title),
              .caption = grid.heading() + ": figures by split and method in %, mean ± " + spread_words(options.spread),
              .align = "lrl",
              .heading = {"split", "FID", "method"},
              .rows = {}};
  for (const std::string& figure : columns) table.heading.push_back(figure_title(figure));
  table.heading.emplace_back("R@1 last");
  if (has_validation(grid)) table.heading.emplace_back("R@1 selected");
  table.heading.emplace_back("n");
  table.align += std::string(table.heading.size() - table.align.size(), 'r');
  for (std::size_t split = 0; split < grid.splits.size(); ++split) {
    for (std::size_t method = 0; method < grid.methods.size(); ++method) {
      const Group& cell = grid.cells[method][split];
      if (cell.expected == 0) continue;
      std::vector<std::string> row = {split_text(grid.splits[split]), fid_text(grid.splits[split]),
                                      grid.methods[method]};
      for (const std::string& figure : columns)
        row.push_back(mean_text(cell_summary(cell, figure, options), unit_of(figure)));
      row.push_back(choice_text(cell, Choice::kLast, options));
      if (has_validation(grid)) row.push_back(choice_text(cell, Choice::kSelected, options));
      row.push_back(count_text(cell.runs.size(), cell.expected));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::vector<SummaryRow> rows_of(const ShiftGrid& grid, const std::vector<std::string>& columns,
                                const ReportOptions& options) {
  std::vector<SummaryRow> rows;
  for (std::size_t split = 0; split < grid.splits.size(); ++split) {
    for (std::size_t method = 0; method < grid.methods.size(); ++method) {
      const Group& cell = grid.cells[method][split];
      if (cell.expected == 0) continue;
      for (const std::string& figure : columns) {
        rows.push_back({.cells = {grid.title, grid.splits[split].id, fid_text(grid.splits[split]), grid.methods[method],
                                  figure_title(figure)},
                        .summary = cell_summary(cell, figure, options),
                        .unit = unit_of(figure)});
      }
    }
  }
  return rows;
}

Contest contest_at(const ShiftGrid& grid, std::size_t split, const ReportOptions& options) {
  Contest contest{.cells = {grid.title, grid.splits[split].id}, .unit = unit_of(kRecall), .methods = {}};
  for (std::size_t method = 0; method < grid.methods.size(); ++method) {
    Contestant contestant{.method = grid.methods[method], .is_baseline = grid.is_baseline[method], .values = {}};
    for (const Run* run : grid.cells[method][split].runs)
      contestant.values.emplace(Measured{grid.splits[split].id, run->seed}, value_of(*run, kRecall, options.choice));
    contest.methods.push_back(std::move(contestant));
  }
  return contest;
}

}  // namespace

Section shift_tables(const std::vector<ShiftGrid>& grids, const ReportOptions& options) {
  Section section{.title = "Figures by split and method"};
  std::vector<SummaryRow> rows;
  std::vector<Contest> contests;
  for (const ShiftGrid& grid : grids) {
    const std::vector<std::string> columns = columns_of(grid, options);
    if (columns.empty()) {
      section.missing.push_back(grid.title + ": no finished run has any of the figures");
      continue;
    }
    section.tables.push_back(means_table(grid, columns, options));
    std::ranges::move(rows_of(grid, columns, options), std::back_inserter(rows));
    for (std::size_t split = 0; split < grid.splits.size(); ++split)
      contests.push_back(contest_at(grid, split, options));
  }
  if (rows.empty()) return section;
  section.data.push_back(summary_table("means",
                                       "Every mean of this section with its deviation, intervals, interquartile "
                                       "mean and n of n expected runs",
                                       {"benchmark", "split", "FID", "method", "figure"}, rows, options.spread));
  add_comparison(section, "differences_by_split", {"benchmark", "split"}, contests, options.baseline);
  return section;
}

}  // namespace oodml::cli::report
