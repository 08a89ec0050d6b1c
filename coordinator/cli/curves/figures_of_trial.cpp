#include "coordinator/cli/curves/figures_of_trial.h"

#include <algorithm>

#include "coordinator/cli/output/metric_rows.h"

namespace oodml::cli::curves {

SeriesName series_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  return colon == std::string::npos ? SeriesName{"test", text}
                                    : SeriesName{text.substr(0, colon), text.substr(colon + 1)};
}

void TrialFigures::take(const v1::Event& point) {
  const SeriesName name{point.metric().set(), figure_name(point.metric())};
  const auto found = std::ranges::find(names_, name);
  const auto place = static_cast<std::size_t>(found - names_.begin());
  if (found == names_.end()) {
    names_.push_back(name);
    courses_.emplace_back();
  }
  courses_[place][point.metric().epoch()] = point.metric().value();
}

const catalogue::Course& TrialFigures::course(const SeriesName& name) const {
  static const catalogue::Course kNone;
  const auto found = std::ranges::find(names_, name);
  return found == names_.end() ? kNone : courses_[static_cast<std::size_t>(found - names_.begin())];
}

}  // namespace oodml::cli::curves
