#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/curves/chart.h"
#include "coordinator/cli/curves/figures_of_trial.h"
#include "core/base/result.h"

namespace oodml::cli::curves {

/// A panel a metric, in it a curve a set (train, test, val). `metrics` as chosen_series takes them; shares in percent.
/// A trial without figures gives a chart without panels that says why.
Result<Chart> trial_chart(const v1::TrialSummary& trial, const TrialFigures& figures,
                          const std::vector<std::string>& metrics, std::int64_t now_millis);

/// Values as people read them: shares in percent; and the title that says so.
Curve curve_of(std::size_t number, const catalogue::Course& course, const std::string& metric);
std::string title_in_unit(const std::string& title, const std::string& metric);

}  // namespace oodml::cli::curves
