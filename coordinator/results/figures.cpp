#include "coordinator/results/figures.h"

#include <cmath>
#include <optional>
#include <string_view>

#include "core/catalogue/catalogue.h"

namespace oodml::coordinator::results {
namespace {

using Values = std::map<std::int64_t, double>;

bool larger_is_better(const std::string& name) {
  const auto metric = catalogue::parse_metric(name);
  if (!metric) return false;  // a training figure: loss, seconds
  const catalogue::Component* component = catalogue::find(catalogue::Kind::kMetric, metric->base);
  return component && !component->is_distance;
}

std::optional<std::int64_t> epoch_of_largest(const Values& values) {
  const bool trained = values.rbegin()->first > 0;
  std::optional<std::int64_t> best;
  for (const auto& [epoch, value] : values) {
    if ((trained && epoch == 0) || std::isnan(value)) continue;
    if (!best || value > values.at(*best)) best = epoch;
  }
  return best;
}

std::optional<std::int64_t> best_recall_epoch(const std::vector<store::Curve>& curves, std::string_view set,
                                              std::string_view embeds) {
  for (const store::Curve& curve : curves) {
    if (curve.set == set && curve.embeds == embeds && curve.name == "e_recall@1") return epoch_of_largest(curve.values);
  }
  return std::nullopt;
}

std::optional<std::int64_t> best_epoch(const std::vector<store::Curve>& curves, const store::Curve& curve) {
  if (larger_is_better(curve.name)) return epoch_of_largest(curve.values);
  const auto own = best_recall_epoch(curves, curve.set, curve.embeds);
  return own ? own : best_recall_epoch(curves, "test", curve.embeds);
}

}  // namespace

std::vector<store::Figures> figures_of(const std::vector<store::Curve>& curves) {
  std::vector<store::Figures> figures;
  for (const store::Curve& curve : curves) {
    if (curve.values.empty()) continue;
    const auto [last_epoch, last] = *curve.values.rbegin();
    store::Figures f{.series = curve.series, .best = last, .best_epoch = last_epoch, .last = last,
                     .last_epoch = last_epoch};
    if (const auto epoch = best_epoch(curves, curve); epoch && curve.values.contains(*epoch)) {
      f.best_epoch = *epoch;
      f.best = curve.values.at(*epoch);
    }
    f.selected_epoch = best_recall_epoch(curves, "val", curve.embeds);
    if (f.selected_epoch && curve.values.contains(*f.selected_epoch)) f.selected = curve.values.at(*f.selected_epoch);
    figures.push_back(f);
  }
  return figures;
}

}  // namespace oodml::coordinator::results
