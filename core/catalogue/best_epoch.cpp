#include "core/catalogue/best_epoch.h"

#include <cmath>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::catalogue {

bool larger_is_better(std::string_view metric) {
  if (const auto figure = few_shot_figure(metric)) {
    return figure->kind == FewShotFigure::Kind::kMean && larger_is_better(figure->metric);
  }
  const Component* component = find(Kind::kMetric, metric.substr(0, metric.find('@')));
  return component != nullptr && !component->is_distance;
}

std::optional<std::int64_t> best_epoch(std::string_view metric, const Course& course, bool trains) {
  if (!larger_is_better(metric)) return std::nullopt;
  auto best = course.end();
  for (auto at = course.begin(); at != course.end(); ++at) {
    const bool counts = std::isfinite(at->second) && !(trains && at->first == 0);
    if (counts && (best == course.end() || at->second > best->second)) best = at;
  }
  return best == course.end() ? std::nullopt : std::optional(best->first);
}

}  // namespace oodml::catalogue
