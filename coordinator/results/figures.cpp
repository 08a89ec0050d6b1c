#include "coordinator/results/figures.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/catalogue/best_epoch.h"
#include "core/catalogue/few_shot.h"

namespace oodml::coordinator::results {
namespace {

/// The epoch of the best e_recall@1 by set and embedding. Looked up for every curve, of which a trial may say very
/// many.
class BestRecalls {
 public:
  BestRecalls(const std::vector<store::Curve>& curves, bool trained) {
    for (const store::Curve& curve : curves) {
      if (curve.name != "e_recall@1") continue;
      if (const auto epoch = catalogue::best_epoch(curve.name, curve.values, trained))
        epochs_.emplace(std::pair(curve.set, curve.embeds), *epoch);
    }
  }

  std::optional<std::int64_t> epoch(const std::string& set, const std::string& embeds) const {
    const auto found = epochs_.find({set, embeds});
    return found == epochs_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::int64_t> epochs_;
};

/// The epoch at which a curve's best figure is read.
std::optional<std::int64_t> epoch_to_read(const BestRecalls& recalls, const store::Curve& curve, bool trained) {
  if (catalogue::larger_is_better(curve.name)) return catalogue::best_epoch(curve.name, curve.values, trained);
  const auto own = recalls.epoch(curve.set, curve.embeds);
  return own ? own : recalls.epoch("test", curve.embeds);
}

}  // namespace

std::vector<store::Figures> figures_of(const std::vector<store::Curve>& curves) {
  std::vector<store::Figures> figures;
  const bool trained = std::any_of(curves.begin(), curves.end(), [](const store::Curve& curve) {
    return !curve.values.empty() && curve.values.rbegin()->first > 0;
  });
  const BestRecalls recalls(curves, trained);
  for (const store::Curve& curve : curves) {
    if (curve.values.empty()) continue;
    const auto [last_epoch, last] = *curve.values.rbegin();
    store::Figures f{
        .series = curve.series, .best = last, .best_epoch = last_epoch, .last = last, .last_epoch = last_epoch};
    if (catalogue::few_shot_figure(curve.name)) {  // measured once, of the epoch that the trial selected
      figures.push_back(f);
      continue;
    }
    if (const auto epoch = epoch_to_read(recalls, curve, trained); epoch && curve.values.contains(*epoch)) {
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
