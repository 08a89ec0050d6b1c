#include "coordinator/results/figures.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

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

/// The epoch of the best e_recall@1 by set and embedding. Looked up for every curve, of which a trial may say very many.
class BestRecalls {
 public:
  explicit BestRecalls(const std::vector<store::Curve>& curves) {
    for (const store::Curve& curve : curves) {
      if (curve.name != "e_recall@1" || curve.values.empty()) continue;
      if (const auto epoch = epoch_of_largest(curve.values)) epochs_.emplace(std::pair(curve.set, curve.embeds), *epoch);
    }
  }

  std::optional<std::int64_t> epoch(const std::string& set, const std::string& embeds) const {
    const auto found = epochs_.find({set, embeds});
    return found == epochs_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::int64_t> epochs_;
};

std::optional<std::int64_t> best_epoch(const BestRecalls& recalls, const store::Curve& curve) {
  if (larger_is_better(curve.name)) return epoch_of_largest(curve.values);
  const auto own = recalls.epoch(curve.set, curve.embeds);
  return own ? own : recalls.epoch("test", curve.embeds);
}

}  // namespace

std::vector<store::Figures> figures_of(const std::vector<store::Curve>& curves) {
  std::vector<store::Figures> figures;
  const BestRecalls recalls(curves);
  for (const store::Curve& curve : curves) {
    if (curve.values.empty()) continue;
    const auto [last_epoch, last] = *curve.values.rbegin();
    store::Figures f{.series = curve.series, .best = last, .best_epoch = last_epoch, .last = last,
                     .last_epoch = last_epoch};
    if (const auto epoch = best_epoch(recalls, curve); epoch && curve.values.contains(*epoch)) {
      f.best_epoch = *epoch;
      f.best = curve.values.at(*epoch);
    }
    f.selected_epoch = recalls.epoch("val", curve.embeds);
    if (f.selected_epoch && curve.values.contains(*f.selected_epoch)) f.selected = curve.values.at(*f.selected_epoch);
    figures.push_back(f);
  }
  return figures;
}

}  // namespace oodml::coordinator::results
