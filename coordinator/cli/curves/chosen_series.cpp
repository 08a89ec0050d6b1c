#include "coordinator/cli/curves/chosen_series.h"

#include <algorithm>

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/text.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"

namespace oodml::cli::curves {
namespace {

bool is_loss(const SeriesName& series) { return series == SeriesName{"train", "loss"}; }

/// Whether it is measured epoch by epoch: the FID is the split's, and a network adapts after its training.
bool has_course(const SeriesName& series) { return !is_given(series.name) && !catalogue::few_shot_figure(series.name); }

std::vector<SeriesName> usual_series(const std::vector<SeriesName>& measured) {
  std::vector<SeriesName> series, others;
  std::ranges::copy_if(measured, std::back_inserter(series), is_loss);
  std::ranges::copy_if(measured, std::back_inserter(others),
                       [](const SeriesName& one) { return !is_loss(one) && has_course(one); });
  const bool only_training = std::ranges::all_of(others, [](const SeriesName& one) { return one.set == "train"; });
  std::ranges::copy_if(others, std::back_inserter(series),
                       [&](const SeriesName& one) { return only_training || one.set != "train"; });
  return series;
}

Failure no_such_series(const std::string& text, const std::vector<SeriesName>& measured, const std::string& owner,
                       bool is_live) {
  std::vector<std::string> names;
  for (const SeriesName& series : measured) names.push_back(metric_title(series.set, series.name));
  return invalid_argument(owner + (is_live ? " has measured no '" : " has no metric '") + one_line(text) +
                          (is_live ? "' so far; it has " : "'; it has ") + (names.empty() ? "none" : joined(names)) +
                          catalogue::did_you_mean(text, names));
}

}  // namespace

Result<std::vector<SeriesName>> chosen_series(const std::vector<std::string>& metrics,
                                              const std::vector<SeriesName>& measured, const std::string& owner,
                                              bool is_live) {
  if (metrics.empty()) return usual_series(measured);
  std::vector<SeriesName> chosen;
  for (const std::string& text : metrics) {
    const SeriesName series = series_name(text);
    const bool is_there = std::ranges::find(measured, series) != measured.end();
    const bool may_come = is_live && std::ranges::none_of(measured, [&](const auto& m) { return m.set == series.set; });
    if (!is_there && !may_come) return no_such_series(text, measured, owner, is_live);
    if (std::ranges::find(chosen, series) == chosen.end()) chosen.push_back(series);
  }
  return chosen;
}

}  // namespace oodml::cli::curves
