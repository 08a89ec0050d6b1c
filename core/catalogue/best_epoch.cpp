#include "core/catalogue/best_epoch.h"

#include <cmath>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::catalogue {
namespace {

/// Told of a course in the order of its epochs.
class Best {
 public:
  explicit Best(bool trains) : trains_(trains) {}

  void see(std::int64_t epoch, double value) {
    if (!std::isfinite(value) || (trains_ && epoch == 0)) return;
    if (epoch_ && !(value > value_)) return;
    epoch_ = epoch;
    value_ = value;
  }
  std::optional<std::int64_t> epoch() const { return epoch_; }

 private:
  bool trains_;
  std::optional<std::int64_t> epoch_;
  double value_ = 0.0;
};

}  // namespace

bool larger_is_better(std::string_view metric) {
  if (const auto figure = few_shot_figure(metric)) {
    return figure->kind == FewShotFigure::Kind::kMean && larger_is_better(figure->metric);
  }
  const Component* component = find(Kind::kMetric, metric.substr(0, metric.find('@')));
  return component != nullptr && !component->is_distance;
}

std::optional<std::int64_t> best_epoch(std::string_view metric, const Course& course, bool trains) {
  if (!larger_is_better(metric)) return std::nullopt;
  Best best(trains);
  for (const auto& [epoch, value] : course) best.see(epoch, value);
  return best.epoch();
}

std::optional<std::int64_t> best_epoch(std::string_view metric, std::span<const std::int64_t> epochs,
                                       std::span<const double> values, bool trains) {
  if (!larger_is_better(metric)) return std::nullopt;
  Best best(trains);
  for (std::size_t i = 0; i < epochs.size(); ++i) best.see(epochs[i], values[i]);
  return best.epoch();
}

}  // namespace oodml::catalogue
