#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// Two curves with error bars and a hole, a rule, labels, and texts that a shell or gnuplot might take for commands.
inline Panel curves() {
  return {.title = "Recall `id` $HOME 'quoted' _under^score",
          .x = {.label = "FID"},
          .y = {.label = "R@1, %", .low = 40.0, .high = 80.0},
          .series = {{.name = "Margin (D), \"beta\"",
                      .x = {19, 50, 100, 174},
                      .y = {70, 66, std::numeric_limits<double>::quiet_NaN(), 58},
                      .low = {69, 65, std::numeric_limits<double>::quiet_NaN(), 57},
                      .high = {71, 67, std::numeric_limits<double>::quiet_NaN(), 59}},
                     {.name = "S2SD", .x = {19, 50, 100, 174}, .y = {75, 70, 66, 63}, .labels = {"1", "2", "3", "4"}}},
          .rules = {{.at = 50, .label = "default split"}}};
}

inline Panel bars(bool horizontal) {
  const Axis named, values = {.label = "AGS", .low = 0.5};
  return {.title = horizontal ? "Lying" : "Standing",
          .x = horizontal ? values : named,
          .y = horizontal ? named : values,
          .series = {{.name = "plain",
                      .x = {0, 1, 2},
                      .y = {0.64, 0.65, 0.7},
                      .low = {0.63, 0.64, 0.69},
                      .high = {0.65, 0.66, 0.71}},
                     {.name = "regularised", .x = {0, 2}, .y = {0.66, 0.72}}},
          .categories = {"Margin", "ArcFace", "Multisimilarity"},
          .horizontal = horizontal};
}

inline Panel correlations() {
  return {.title = "Pearson",
          .series = {},
          .matrix = Matrix{.values = {{1, 0.5, -0.25}, {0.5, 1, NAN}, {-0.25, NAN, 1}},
                           .rows = {"R@1", "NMI", "mAP"},
                           .columns = {"R@1", "NMI", "mAP"},
                           .diverging = true,
                           .numbered = true}};
}

inline Panel histogram_over_time() {
  Matrix matrix{.logarithmic = true};
  for (int bin = 0; bin < 29; ++bin) {
    matrix.y.push_back(0.1 + bin * 0.045);
    matrix.values.emplace_back();
    for (int update = 0; update < 40; ++update)
      matrix.values.back().push_back(std::exp(-0.1 * std::abs(bin - update * 0.5)));
  }
  for (int update = 0; update < 40; ++update) matrix.x.push_back(update * 30.0);
  return {.title = "Sampling", .x = {.label = "iteration"}, .y = {.label = "distance"}, .matrix = matrix};
}

inline Figure every_kind(const std::string& name = "every_kind") {
  Panel gain = curves();
  gain.right = Axis{.label = "gain, %"};
  gain.series.push_back({.name = "gain",
                         .mark = Series::Mark::kPoints,
                         .x = {19, 174},
                         .y = {2, 8},
                         .dashed = true,
                         .on_right_axis = true});
  return {.name = name,
          .caption = "One panel of every kind",
          .columns = 2,
          .panels = {curves(), gain, bars(false), bars(true), correlations(), histogram_over_time()}};
}

}  // namespace oodml::figures
