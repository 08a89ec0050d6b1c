#include "coordinator/cli/report/pads/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/method_bars.h"

namespace oodml::cli::report::pads {
namespace {

using figures::Panel;
using figures::Series;

constexpr const char* kRecall = "test:e_recall@1";
constexpr double kLeast = 1e-6;  ///< Smaller shares would stretch the colours over tens of decades.

Panel histogram_panel(const Sampling& sampling, bool logarithmic) {
  figures::Matrix matrix{
      .values = sampling.shares, .x = sampling.epochs, .y = sampling.distances, .logarithmic = logarithmic};
  if (logarithmic) {
    for (auto& row : matrix.values) {
      for (double& share : row) share = std::max(share, kLeast);
    }
  }
  return {.title = logarithmic ? "share of negatives, logarithm" : "share of negatives",
          .x = {.label = "epoch"},
          .y = {.label = "distance"},
          .series = {},
          .matrix = std::move(matrix)};
}

Series steps_of(const Sampling& sampling, std::size_t column, int colour) {
  Series series{.name = "epoch " + std::to_string(static_cast<std::int64_t>(sampling.epochs[column])),
                .mark = Series::Mark::kSteps,
                .colour = colour,
                .dashed = column == 0};
  const double width = sampling.distances.size() < 2 ? 1.0 : sampling.distances[1] - sampling.distances[0];
  for (std::size_t bin = 0; bin < sampling.shares.size(); ++bin) {
    series.x.push_back(sampling.distances[bin] - width / 2);
    series.y.push_back(sampling.shares[bin][column]);
  }
  series.x.push_back(sampling.distances.back() + width / 2);  // a step lasts until the next point
  series.y.push_back(series.y.back());
  return series;
}

Panel ends_panel(const Sampling& sampling) {
  Panel panel{.title = "first and last",
              .x = {.label = "distance"},
              .y = {.label = "share", .low = 0.0},
              .series = {steps_of(sampling, 0, 6)}};
  if (sampling.epochs.size() > 1) panel.series.push_back(steps_of(sampling, sampling.epochs.size() - 1, 1));
  panel.x.low = panel.series.front().x.front();
  panel.x.high = panel.series.front().x.back();
  return panel;
}

}  // namespace

void add_sampling_figure(Section& section, const Method& method) {
  const Sampling sampling = sampling_of(method);
  if (sampling.epochs.empty()) return;
  section.figures.push_back(
      {.name = "pads_" + file_word(method.benchmark) + "_sampling_" + file_word(method.title),
       .caption =
           method.benchmark + ", " + method.title + " (" + count_text(sampling.runs, method.expected) +
           " runs): sampling histogram after each epoch, mean over runs; linear, logarithmic (shares below 1e-6 as "
           "1e-6), and the first and last one. Distances are bins' centres for limits 0.1 and 1.4",
       .columns = 3,
       .panel_width_cm = 5.8,
       .panel_height_cm = 5.2,
       .panels = {histogram_panel(sampling, false), histogram_panel(sampling, true), ends_panel(sampling)}});
}

void add_bars(Section& section, const std::vector<Method>& methods, const ReportOptions& options) {
  std::vector<MethodBar> bars;
  std::size_t n = 0, expected = 0;
  for (const Method& method : methods) {
    std::vector<double> values;
    for (const Run* run : method.runs) values.push_back(value_of(*run, kRecall, options.choice));
    bars.push_back({method.title, summary_of(values, method.expected, options.spread), method.learned});
    n += bars.back().summary.n;
    expected += method.expected;
  }
  const std::string& benchmark = methods.front().benchmark;
  Panel panel = method_bars(benchmark + " (" + count_text(n, expected) + " runs)", kRecall, bars, {"fixed", "learned"});
  if (panel.series.empty()) return;
  section.figures.push_back({.name = "pads_" + file_word(benchmark) + "_bars",
                             .caption = benchmark + ": best test R@1 of learned and fixed sampling; error bars: " +
                                        spread_words(options.spread) + ". The axis does not begin at 0",
                             .panel_height_cm = bars_height_cm(panel.categories.size()),
                             .panels = {std::move(panel)}});
}

}  // namespace oodml::cli::report::pads
