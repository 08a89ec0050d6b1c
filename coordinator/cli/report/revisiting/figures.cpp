#include "coordinator/cli/report/revisiting/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "coordinator/cli/report/method_bars.h"
#include "core/base/words.h"
#include "core/figures/axis_ends.h"
#include "core/statistics/correlation.h"
#include "core/statistics/least_squares.h"

namespace oodml::cli::report::revisiting {
namespace {

using figures::Axis;
using figures::Figure;
using figures::Panel;
using figures::Series;

/// In the palette: what the study has in blue and in orange.
constexpr int kBlue = 0, kOrange = 1;

struct PublishedRange {
  const char* benchmark;
  double low, high;
};
constexpr std::array<PublishedRange, 3> kRanges = {{{"CUB", 58.1, 63.8}, {"CARS", 70.0, 82.0}, {"SOP", 67.0, 79.0}}};

double in_unit(double value, const std::string& figure) { return unit_of(figure).factor * value; }

/// One point a method that has both figures: its means, with the deviation of the one that stands upright.
void add_points(Series& points, const std::vector<const Method*>& methods, const std::string& across, Spread spread,
                bool labelled) {
  for (const Method* method : methods) {
    const Summary recall = method->summary(kRecall, spread);
    const double x = in_unit(method->mean(across), across), y = in_unit(recall.mean, kRecall);
    if (std::isnan(x) || std::isnan(y)) continue;
    const double bar = std::isnan(recall.deviation) ? 0.0 : in_unit(recall.deviation, kRecall);
    points.x.push_back(x);
    points.y.push_back(y);
    points.low.push_back(y - bar);
    points.high.push_back(y + bar);
    if (labelled) points.labels.push_back(method->title);
  }
}

Axis recall_axis(const std::string& benchmark, const Series& points) {
  Axis axis{.label = "R@1, %"};
  const auto published = std::ranges::find(kRanges, benchmark, &PublishedRange::benchmark);
  if (published == kRanges.end() || points.y.empty()) return axis;
  axis.low = std::min(published->low, std::floor(std::ranges::min(points.low)));
  axis.high = std::max(published->high, std::ceil(std::ranges::max(points.high)));
  return axis;
}

Series line_through(const Series& points) {
  const statistics::Line line = statistics::least_squares_line(points.x, points.y);
  const auto [low, high] = std::ranges::minmax(points.x);
  return {.mark = Series::Mark::kLine, .x = {low, high}, .y = {line.at(low), line.at(high)}, .colour = kOrange};
}

std::vector<const Method*> plain(const Results& results, const std::string& benchmark, bool regularised) {
  std::vector<const Method*> methods = results.of(benchmark);
  std::erase_if(methods, [&](const Method* method) { return method->regularised != regularised; });
  return methods;
}

Panel structure_panel(const Results& results, const std::string& benchmark, const std::string& figure, Spread spread) {
  Series points{.mark = Series::Mark::kPoints, .colour = kBlue};
  const std::vector<const Method*> methods = plain(results, benchmark, false);
  add_points(points, methods, figure, spread, false);
  Panel panel{.x = {.label = figure_title(figure).substr(6)}, .y = recall_axis(benchmark, points), .legend = false};
  const statistics::Correlation correlation = statistics::pearson(points.x, points.y);
  if (figure == kStructure.front()) panel.y.label += " (" + count_of(methods, figure) + " runs)";
  const bool says_something = points.x.size() >= kFewestMethods && !std::isnan(correlation.r);
  panel.title = says_something ? fmt::format("{}: r = {:.2f}, n = {}", benchmark, correlation.r, correlation.n)
                               : fmt::format("{}: n = {}", benchmark, points.x.size());
  if (says_something) panel.series.push_back(line_through(points));
  panel.series.push_back(std::move(points));
  return figures::with_ends(panel);
}

bool has_structure(const Results& results, const std::string& benchmark) {
  return std::ranges::any_of(results.of(benchmark), [](const Method* method) {
    return std::ranges::any_of(kStructure,
                               [&](const std::string& figure) { return !std::isnan(method->mean(figure)); });
  });
}

std::string counts(const Results& results, const std::string& figure) {
  std::vector<std::string> texts;
  for (const std::string& benchmark : results.benchmarks)
    texts.push_back(benchmark + " " + count_of(results.of(benchmark), figure));
  return joined(texts);
}

/// Cells from the bottom up, so that the diagonal falls from the top left.
figures::Matrix correlations(const Results& results, const std::string& benchmark) {
  const std::vector<std::string> figures = results.test_figures();
  figures::Matrix matrix{.diverging = true, .numbered = true};
  std::vector<std::vector<double>> means;
  for (const std::string& figure : figures) {
    means.emplace_back();
    for (const Method* method : results.of(benchmark)) means.back().push_back(method->mean(figure));
    matrix.columns.push_back(figure == results.map ? "mAP" : figure_title(figure));
  }
  for (std::size_t row = figures.size(); row-- > 0;) {
    matrix.rows.push_back(matrix.columns[row]);
    matrix.values.emplace_back();
    for (const auto& other : means) matrix.values.back().push_back(statistics::pearson(means[row], other).r);
  }
  return matrix;
}

std::size_t methods_with_recall(const Results& results, const std::string& benchmark) {
  return static_cast<std::size_t>(std::ranges::count_if(
      results.of(benchmark), [](const Method* method) { return !std::isnan(method->mean(kRecall)); }));
}

}  // namespace

void add_structure_figure(Section& section, const Results& results, Spread spread) {
  Figure figure{.name = "revisiting_structure",
                .caption =
                    "Recall against the structure of the embedded training set at the epoch of the best R@1, plain "
                    "criteria; bars: " +
                    spread_words(spread) + ". Runs: " + counts(results, kRho),
                .columns = kStructure.size(),
                .panel_width_cm = 4.4,
                .panel_height_cm = 4.2,
                .panels = {}};
  for (const std::string& benchmark : results.benchmarks) {
    if (!has_structure(results, benchmark)) {
      section.missing.push_back(benchmark +
                                ": no statistics of the training set (evaluate: {sets: [test, train], metrics: "
                                "[dists, rho_spectrum@2, ...]}), so that nothing is drawn against them");
      continue;
    }
    for (const std::string& statistic : kStructure)
      figure.panels.push_back(structure_panel(results, benchmark, statistic, spread));
  }
  if (!figure.panels.empty()) section.figures.push_back(std::move(figure));
}

void add_correlation_figure(Section& section, const Results& results) {
  Figure figure{.name = "revisiting_correlations",
                .caption = "Pearson's r between the methods' means of test figures. Runs: " + counts(results, kRecall),
                .columns = std::min<std::size_t>(3, results.benchmarks.size()),
                .panel_width_cm = 5.8,
                .panel_height_cm = 5.8,
                .panels = {}};
  for (const std::string& benchmark : results.benchmarks) {
    const std::size_t n = methods_with_recall(results, benchmark);
    if (n < kFewestMethods) {
      section.missing.push_back(fmt::format("{}: {} with results; a correlation between methods needs {}", benchmark,
                                            n == 1 ? "1 method" : fmt::format("{} methods", n), kFewestMethods));
      continue;
    }
    figure.panels.push_back({.title = fmt::format("{}: n = {} methods", benchmark, n),
                             .series = {},
                             .square = true,
                             .matrix = correlations(results, benchmark)});
  }
  if (!figure.panels.empty()) section.figures.push_back(std::move(figure));
}

void add_rho_figure(Section& section, const Results& results, Spread spread) {
  Figure figure{.name = "revisiting_rho",
                .caption = "Recall against the spectral decay ρ of the embedded training set; bars: " +
                           spread_words(spread) + ". Runs: " + counts(results, kRho),
                .columns = 1,
                .panel_width_cm = 17.6,
                .panel_height_cm = 9.0,
                .panels = {}};
  for (const std::string& benchmark : results.benchmarks) {
    Series plain_ones{.name = "plain", .mark = Series::Mark::kPoints, .colour = kBlue};
    Series regularised{.name = "regularised", .mark = Series::Mark::kPoints, .colour = kOrange};
    add_points(plain_ones, plain(results, benchmark, false), kRho, spread, true);
    add_points(regularised, plain(results, benchmark, true), kRho, spread, true);
    if (plain_ones.x.empty() && regularised.x.empty()) continue;  // the figure before has said so
    Panel panel{.title = benchmark + " (" + count_of(results.of(benchmark), kRho) + " runs)",
                .x = {.label = "ρ"},
                .y = {.label = "R@1, %"}};
    if (!plain_ones.x.empty()) panel.series.push_back(std::move(plain_ones));
    if (!regularised.x.empty()) panel.series.push_back(std::move(regularised));
    figure.panels.push_back(std::move(panel));
  }
  if (!figure.panels.empty()) section.figures.push_back(std::move(figure));
}

void add_bars(Section& section, const Results& results, const std::string& benchmark, const ReportOptions& options) {
  std::vector<MethodBar> bars;
  for (const Method* method : results.of(benchmark))
    bars.push_back({method->title, method->summary(kRecall, options.spread), method->regularised});
  Panel panel = method_bars(benchmark + " (" + count_of(results.of(benchmark), kRecall) + " runs)", kRecall, bars,
                            {"plain", "regularised"});
  if (panel.series.empty()) return;
  section.figures.push_back({.name = "revisiting_bars_" + file_word(benchmark),
                             .caption = benchmark + ": best test R@1; error bars: " + spread_words(options.spread) +
                                        ". The axis does not begin at 0",
                             .panel_height_cm = bars_height_cm(panel.categories.size()),
                             .panels = {std::move(panel)}});
}

}  // namespace oodml::cli::report::revisiting
