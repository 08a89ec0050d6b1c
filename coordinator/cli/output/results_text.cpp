#include "coordinator/cli/output/results_text.h"

#include <algorithm>
#include <cmath>

#include "coordinator/cli/output/latex_text.h"
#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/table.h"
#include "core/base/words.h"
#include "core/catalogue/few_shot.h"

namespace oodml::cli {
namespace {

const v1::Statistic* find(const v1::ResultRow& row, const std::pair<std::string, std::string>& metric) {
  for (const auto& statistic : row.statistics()) {
    if (statistic.set() == metric.first && statistic.metric() == metric.second) return &statistic;
  }
  return nullptr;
}

std::string label_of(const v1::ResultRow& row, const std::string& axis) {
  for (const auto& label : row.labels()) {
    if (label.axis() == axis) return label.label();
  }
  return "-";
}

std::string n_text(std::int64_t n, std::int64_t expected) { return std::to_string(n) + "/" + std::to_string(expected); }

enum class Point { kBest, kLast, kSelected };

/// "65.23 ± 1.20"; with a count of its own where the metric is there for fewer trials than the row has.
std::string cell_text(const v1::ResultRow& row, const v1::Statistic* s, Point point, const Style& style) {
  if (s == nullptr) return "-";
  const std::int64_t n = point == Point::kSelected ? s->selected_n() : s->n();
  const double mean = point == Point::kBest   ? s->best_mean()
                      : point == Point::kLast ? s->last_mean()
                                              : s->selected_mean();
  const double half = point == Point::kBest   ? s->best_half_width()
                      : point == Point::kLast ? s->last_half_width()
                                              : s->selected_half_width();
  if (n == 0 || std::isnan(mean)) return "-";
  std::string text = metric_value_text(s->metric(), mean);
  if (n > 1 && !std::isnan(half) && !is_given(s->metric()))
    text += std::string(" ") + style.plus_minus() + " " + metric_value_text(s->metric(), half);
  return n == row.n() ? text : text + " (" + n_text(n, s->n_expected()) + ")";
}

bool has_selected(const v1::QueryResultsReply& reply, const std::pair<std::string, std::string>& metric) {
  return std::any_of(reply.rows().begin(), reply.rows().end(), [&](const v1::ResultRow& row) {
    const auto* statistic = find(row, metric);
    return statistic != nullptr && statistic->selected_n() > 0;
  });
}

/// One column of figures.
struct Figure {
  std::pair<std::string, std::string> metric;
  Point point;
  const char* title;
};

/// Below the name of a few-shot figure; a trial has one of each.
const char* few_shot_title(catalogue::FewShotFigure::Kind kind) {
  using enum catalogue::FewShotFigure::Kind;
  if (kind == kGain) return "relative";
  return kind == kHalfWidth ? "half-width" : "mean";
}

/// Distances have no best epoch: only their last value means something.
std::vector<Figure> figures_of(const v1::QueryResultsReply& reply) {
  std::vector<Figure> figures;
  for (const auto& metric : metrics_of(reply)) {
    if (const auto few_shot = catalogue::few_shot_figure(metric.second)) {
      figures.push_back({metric, Point::kLast, few_shot_title(few_shot->kind)});
      continue;
    }
    if (shown_in_percent(metric.second)) figures.push_back({metric, Point::kBest, "best"});
    figures.push_back({metric, Point::kLast, "last"});
    if (has_selected(reply, metric)) figures.push_back({metric, Point::kSelected, "val-best"});
  }
  return figures;
}

/// The axes whose label is the same in every row of several: said once, not in a column.
std::vector<std::string> constant_axes(const v1::QueryResultsReply& reply) {
  std::vector<std::string> axes;
  for (const auto& axis : reply.by()) {
    const auto same = [&](const v1::ResultRow& row) { return label_of(row, axis) == label_of(reply.rows(0), axis); };
    if (reply.rows_size() > 1 && std::all_of(reply.rows().begin(), reply.rows().end(), same)) axes.push_back(axis);
  }
  return axes;
}

/// What a row's n counts.
std::string units_word(const v1::QueryResultsReply& reply) {
  return reply.over().empty() ? "trials" : "series of trials";
}

std::string units_text(const std::vector<Figure>& figures) {
  const auto percent = [](const Figure& figure) { return shown_in_percent(figure.metric.second); };
  if (std::all_of(figures.begin(), figures.end(), percent)) return "in %";
  if (std::none_of(figures.begin(), figures.end(), percent)) return "as they are";
  return "in % (FID, distances and losses as they are)";
}

std::string heading(const v1::QueryResultsReply& reply, const std::vector<Figure>& figures, const Style& style) {
  std::string text =
      style.paint(Colour::kBold, "Sweep " + std::to_string(reply.sweep().sweep_id()) + " " + reply.sweep().name()) +
      ": " + n_text(reply.n(), reply.n_expected()) + " " + units_word(reply) + " succeeded\n";
  std::string about;
  for (const std::string& axis : constant_axes(reply)) {
    about += (about.empty() ? "In every row: " : ", ") + axis + "=" + one_line(label_of(reply.rows(0), axis));
  }
  if (!about.empty()) about += ". ";
  if (!figures.empty()) {
    about += "Mean " + std::string(style.plus_minus()) + " half-width of the 95 % t-interval over the n " +
             units_word(reply) + " of a row, " + units_text(figures) + ".";
  }
  if (!reply.over().empty()) {
    about += " AGS: area under the figure over the FID of axis " + one_line(reply.over()) + ", scaled to [0, 1].";
  }
  for (const std::string& line : wrapped(about, style.width)) text += line + "\n";
  return text + "\n";
}

constexpr std::size_t kNamesLeftOut = 6;

std::string left_out_text(const std::vector<std::string>& titles) {
  std::vector<std::string> names;
  for (std::string title : titles) {
    std::replace(title.begin(), title.end(), '\n', ' ');
    names.push_back(title);
  }
  const std::size_t more = names.size() > kNamesLeftOut ? names.size() - kNamesLeftOut : 0;
  names.resize(names.size() - more);
  return names.empty() ? ""
                       : "No room for " + joined(names) + (more > 0 ? " and " + std::to_string(more) + " more" : "") +
                             ": choose with --metric, or use -o csv\n";
}

/// "criterion=margin split=3"
std::string row_name(const v1::QueryResultsReply& reply, const v1::ResultRow& row) {
  std::vector<std::string> words;
  for (const auto& axis : reply.by()) words.push_back(axis + "=" + one_line(label_of(row, axis)));
  return words.empty() ? "the row" : joined(words, " ");
}

/// What each row, and the table, is mixed of: a line each.
std::vector<std::string> mixes_of(const v1::QueryResultsReply& reply) {
  std::vector<std::string> lines;
  for (const auto& row : reply.rows()) {
    for (const auto& mix : row.mixes()) lines.push_back(row_name(reply, row) + " mixes " + one_line(mix));
  }
  for (const auto& note : reply.notes()) lines.push_back("the rows are made of " + one_line(note));
  return lines;
}

std::string mixes_text(const v1::QueryResultsReply& reply, const Style& style) {
  std::string text;
  for (const std::string& line : mixes_of(reply)) text += style.paint(Colour::kYellow, "Note:") + " " + line + "\n";
  return text;
}

std::string latex_figure(std::string text) {
  if (const auto sign = text.find("+-"); sign != std::string::npos) text.replace(sign, 2, "\\pm");
  return text == "-" ? "--" : "$" + text + "$";
}

}  // namespace

std::string figure_title(const v1::QueryResultsReply& reply, std::string_view set, std::string_view metric) {
  const std::string title = metric_title(set, metric);
  return reply.over().empty() ? title : "AGS(" + title + ")";
}

std::vector<std::pair<std::string, std::string>> metrics_of(const v1::QueryResultsReply& reply) {
  std::vector<std::pair<std::string, std::string>> metrics;
  for (const auto& row : reply.rows()) {
    for (const auto& statistic : row.statistics()) {
      const std::pair<std::string, std::string> metric = {statistic.set(), statistic.metric()};
      if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
    }
  }
  return metrics;
}

std::string results_text(const v1::QueryResultsReply& reply, const Style& style) {
  const std::vector<Figure> figures = figures_of(reply);
  std::vector<Column> columns;
  const std::vector<std::string> constant = constant_axes(reply);
  std::vector<std::string> axes;
  std::ranges::copy_if(reply.by(), std::back_inserter(axes),
                       [&](const std::string& axis) { return std::ranges::find(constant, axis) == constant.end(); });
  for (const auto& axis : axes) columns.push_back({axis});
  columns.push_back({"n", Align::kRight});
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const auto& [set, name] = figures[i].metric;
    columns.push_back({figure_title(reply, set, name) + "\n" + figures[i].title, Align::kRight, Overflow::kKeep,
                       static_cast<int>(i)});
  }
  Table table(columns);
  for (const auto& row : reply.rows()) {
    std::vector<Cell> cells;
    for (const auto& axis : axes) cells.emplace_back(label_of(row, axis));
    cells.emplace_back(n_text(row.n(), row.n_expected()), row.n() < row.n_expected() ? Colour::kYellow : Colour::kNone);
    for (const Figure& figure : figures) {
      cells.emplace_back(cell_text(row, find(row, figure.metric), figure.point, style));
    }
    table.add(std::move(cells));
  }
  std::string text = heading(reply, figures, style) + table.text(style);
  if (figures.empty()) text += "No trial of this selection has succeeded yet.\n";
  return text + left_out_text(table.left_out(style)) + mixes_text(reply, style);
}

std::string results_latex(const v1::QueryResultsReply& reply) {
  const Style ascii{.utf8 = false};
  const std::vector<Figure> figures = figures_of(reply);
  std::string text = "% Sweep " + std::to_string(reply.sweep().sweep_id()) + " " + reply.sweep().name() + ": " +
                     n_text(reply.n(), reply.n_expected()) + " " + units_word(reply) +
                     "; mean and half-width of the 95 % t-interval; shares in percent. Needs booktabs.\n";
  for (const std::string& line : mixes_of(reply)) text += "% Note: " + line + "\n";
  text += "\\begin{tabular}{" + std::string(static_cast<std::size_t>(reply.by_size()), 'l') + "r" +
          std::string(figures.size(), 'r') + "}\n\\toprule\n";
  std::string upper(static_cast<std::size_t>(reply.by_size()), '&'), lower;
  for (const auto& axis : reply.by()) lower += latex_escaped(axis) + " & ";
  lower += "$n$";
  for (const Figure& figure : figures) {
    const std::string unit = shown_in_percent(figure.metric.second) ? " (\\%)" : "";
    upper += " & " + latex_escaped(figure_title(reply, figure.metric.first, figure.metric.second)) + unit;
    lower += std::string(" & ") + figure.title;
  }
  text += (figures.empty() ? "" : upper + " \\\\\n") + lower + " \\\\\n\\midrule\n";
  for (const auto& row : reply.rows()) {
    for (const auto& axis : reply.by()) text += latex_escaped(label_of(row, axis)) + " & ";
    text += n_text(row.n(), row.n_expected());
    for (const Figure& figure : figures) {
      text += " & " + latex_figure(cell_text(row, find(row, figure.metric), figure.point, ascii));
    }
    text += " \\\\\n";
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace oodml::cli
