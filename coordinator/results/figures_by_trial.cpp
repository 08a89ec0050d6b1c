#include "coordinator/results/figures_by_trial.h"

#include <algorithm>

namespace oodml::coordinator::results {

void FiguresByTrial::settle() {
  if (!std::ranges::is_sorted(all_, {}, &store::TrialFigures::trial)) {
    std::ranges::sort(all_, {}, &store::TrialFigures::trial);
  }
}

const store::Figures* FiguresByTrial::find(TrialId trial) const {
  if (all_.empty() || trial < all_.front().trial) return nullptr;
  const auto guess = static_cast<std::size_t>(trial.value - all_.front().trial.value);
  if (guess < all_.size() && all_[guess].trial == trial) return &all_[guess].figures;
  const auto found = std::ranges::lower_bound(all_, trial, {}, &store::TrialFigures::trial);
  return found == all_.end() || found->trial != trial ? nullptr : &found->figures;
}

}  // namespace oodml::coordinator::results
