#include "core/commands/map_splits/map_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/commands/map_splits/sides.h"

namespace oodml::commands {
namespace {

std::string title_of(const ChosenSplit& chosen) {
  std::string title = "Split " + chosen.split.id;
  if (!chosen.role.empty()) title += " (" + chosen.role + ")";
  return chosen.split.fid ? fmt::format("{}, FID {:.1f}", title, *chosen.split.fid) : title;
}

/// Removed points first, so that they lie under the others.
std::vector<figures::Series> series_of(const SplitMaps& maps, const splits::Split& split) {
  constexpr int kBlue = 0, kVermilion = 1, kYellow = 7;
  const std::vector<Side> sides = sides_of(maps, split);
  const double* const map = maps.map.const_data_ptr<double>();
  std::vector<figures::Series> series;
  for (const auto& [side, colour] :
       {std::pair(Side::kRemoved, kYellow), {Side::kTrain, kBlue}, {Side::kTest, kVermilion}}) {
    figures::Series points{.name = name_of(side), .mark = figures::Series::Mark::kPoints, .colour = colour};
    for (std::size_t i = 0; i < sides.size(); ++i) {
      if (sides[i] != side) continue;
      points.x.push_back(map[2 * i]);
      points.y.push_back(map[2 * i + 1]);
    }
    if (!points.x.empty()) series.push_back(std::move(points));
  }
  return series;
}

figures::Panel panel_of(const MapSplitsOptions& options, const SplitMaps& maps, const ChosenSplit& chosen) {
  const std::string axis = options.method == "pca" ? "component" : "UMAP";
  return {.title = title_of(chosen),
          .x = {.label = axis + " 1"},
          .y = {.label = axis + " 2"},
          .series = series_of(maps, chosen.split),
          .square = true};
}

}  // namespace

std::vector<figures::Figure> figures_of_maps(const MapSplitsOptions& options, const SplitMaps& maps) {
  const std::string what = fmt::format("{} of {} in the plane, by {}", options.what, maps.benchmark, options.method);
  figures::Figure all{.name = "picture_all",
                      .caption = what,
                      .columns = std::min<std::size_t>(maps.splits.size(), 3),
                      .panel_width_cm = 5.8,
                      .panel_height_cm = 6.6};
  std::vector<figures::Figure> figures;
  for (const ChosenSplit& chosen : maps.splits) {
    all.panels.push_back(panel_of(options, maps, chosen));
    figures.push_back({.name = "picture_" + chosen.split.id,
                       .caption = what + ", split " + chosen.split.id,
                       .panel_height_cm = 8.4,
                       .panels = {all.panels.back()}});
  }
  if (figures.size() > 1) figures.push_back(std::move(all));
  return figures;
}

}  // namespace oodml::commands
