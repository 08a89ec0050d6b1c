#include "coordinator/cli/output/metric_text.h"

#include "coordinator/cli/output/text.h"
#include "core/catalogue/best_epoch.h"
#include "core/catalogue/few_shot.h"

namespace oodml::cli {

bool shown_in_percent(std::string_view metric) {
  if (const auto figure = catalogue::few_shot_figure(metric)) {
    return figure->kind == catalogue::FewShotFigure::Kind::kGain || shown_in_percent(figure->metric);
  }
  return catalogue::larger_is_better(metric);  // those are shares
}

bool is_given(std::string_view metric) { return metric == "fid"; }

std::string metric_value_text(std::string_view metric, double value) {
  return shown_in_percent(metric) ? fixed_text(100.0 * value, 2) : fixed_text(value, 4);
}

std::string metric_title(std::string_view set, std::string_view metric) {
  return set.empty() || set == "test" ? std::string(metric) : std::string(set) + ":" + std::string(metric);
}

}  // namespace oodml::cli
