#include "coordinator/cli/diff/diff_text.h"

#include <algorithm>
#include <cmath>

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/base/words.h"

namespace oodml::cli::diff {
namespace {

constexpr std::size_t kTrialsShown = 20;

std::string name_of(const Side& side) { return std::to_string(side.sweep.sweep_id()) + " " + side.sweep.name(); }

std::string heading(const Report& report, const Style& style) {
  return style.paint(Colour::kBold, "Sweep " + name_of(report.first)) + " and " +
         style.paint(Colour::kBold, "sweep " + name_of(report.second)) + ": " + counted(report.diff.shared, "trial") +
         " in both\n";
}

std::string only_text(const Side& side, const std::vector<const v1::TrialSummary*>& trials) {
  if (trials.empty()) return "";
  std::string text =
      "\nOnly in " + name_of(side) + ": " + counted(static_cast<std::int64_t>(trials.size()), "trial") + "\n";
  for (std::size_t i = 0; i < std::min(trials.size(), kTrialsShown); ++i) {
    text += "  " + std::to_string(trials[i]->trial_id()) + "  " + one_line(labels_text(*trials[i])) + "\n";
  }
  if (trials.size() > kTrialsShown)
    text += "  and " + std::to_string(trials.size() - kTrialsShown) + " more (-o json lists them)\n";
  return text;
}

std::string settings_text(const Report& report, const Style& style) {
  const auto pairs = static_cast<std::int64_t>(report.diff.pairs.size());
  if (pairs == 0) return "";
  std::string text = "\nSettings of trials at the same place (" + joined(report.diff.common_axes) + "), ";
  text += pairs == report.compared_pairs ? counted(pairs, "pair")
                                         : std::to_string(report.compared_pairs) + " of " + counted(pairs, "pair");
  Table table({{"SETTING"},
               {name_of(report.first), Align::kLeft, Overflow::kWrap},
               {name_of(report.second), Align::kLeft, Overflow::kWrap},
               {"PAIRS", Align::kRight}});
  for (const auto& setting : report.settings)
    table.add({setting.key, setting.first, setting.second, std::to_string(setting.pairs)});
  return text + "\n" + table.text(style);
}

std::string difference_text(const FigureRow& row) {
  if (std::isnan(row.difference())) return "-";
  const std::string text = metric_value_text(row.metric, row.difference());
  return row.difference() > 0 ? "+" + text : text;
}

std::string figures_text(const Report& report, const Style& style) {
  if (report.figures.empty()) return "";
  std::vector<Column> columns;
  std::vector<std::string> axes;
  for (const std::string& axis : report.diff.common_axes) {
    if (report.figures.front().labels.contains(axis)) axes.push_back(axis);
  }
  for (const std::string& axis : axes) columns.push_back({axis});
  columns.push_back({"figure"});
  for (const std::string& title :
       {std::string("n"), name_of(report.first), std::string("n"), name_of(report.second), std::string("difference")})
    columns.push_back({title, Align::kRight});
  Table table(columns);
  for (const FigureRow& row : report.figures) {
    std::vector<Cell> cells;
    for (const std::string& axis : axes) cells.emplace_back(row.labels.contains(axis) ? row.labels.at(axis) : "-");
    cells.emplace_back(metric_title(row.set, row.metric));
    cells.emplace_back(std::to_string(row.first_n));
    cells.emplace_back(metric_value_text(row.metric, row.first));
    cells.emplace_back(std::to_string(row.second_n));
    cells.emplace_back(metric_value_text(row.metric, row.second));
    cells.emplace_back(difference_text(row));
    table.add(std::move(cells));
  }
  return "\nMeans, shares in %, difference second - first\n" + table.text(style);
}

Json trials_json(const std::vector<const v1::TrialSummary*>& trials) {
  Json json = Json::array();
  for (const auto* trial : trials) json.push_back(json_of(*trial));
  return json;
}

Json value_json(double value) { return std::isnan(value) ? Json() : Json(value); }

Json figure_json(const FigureRow& row) {
  return {{"labels", Json(row.labels)},
          {"set", row.set},
          {"metric", row.metric},
          {"first", {{"n", row.first_n}, {"mean", value_json(row.first)}}},
          {"second", {{"n", row.second_n}, {"mean", value_json(row.second)}}},
          {"difference", value_json(row.difference())}};
}

}  // namespace

std::string diff_text(const Report& report, const Style& style) {
  return heading(report, style) + only_text(report.first, report.diff.only_first) +
         only_text(report.second, report.diff.only_second) + settings_text(report, style) + figures_text(report, style);
}

Json diff_json(const Report& report) {
  Json settings = Json::array(), figures = Json::array();
  for (const auto& setting : report.settings) {
    settings.push_back(
        {{"key", setting.key}, {"first", setting.first}, {"second", setting.second}, {"pairs", setting.pairs}});
  }
  for (const FigureRow& row : report.figures) figures.push_back(figure_json(row));
  return {{"first", json_of(report.first.sweep)},
          {"second", json_of(report.second.sweep)},
          {"common_axes", Json(report.diff.common_axes)},
          {"shared_trials", report.diff.shared},
          {"only_first", trials_json(report.diff.only_first)},
          {"only_second", trials_json(report.diff.only_second)},
          {"pairs", report.diff.pairs.size()},
          {"compared_pairs", report.compared_pairs},
          {"settings", std::move(settings)},
          {"figures", std::move(figures)}};
}

}  // namespace oodml::cli::diff
