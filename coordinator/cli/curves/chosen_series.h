#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/curves/figures_of_trial.h"
#include "core/base/result.h"

namespace oodml::cli::curves {

/// What is drawn: the series that `metrics` name (e_recall@1, train:nmi) in their order. Without any: the training
/// loss, then all of the other sets (where nothing is measured on others, all of the training set) but the FID, which
/// is the split's and does not move.
///
/// `measured` are those there are, of `owner` ("trial 17", "sweep smoke"). While the owner goes on (`is_live`), a
/// series of a set of which nothing has been measured yet may be named. kInvalidArgument: there is no such series, with
/// those there are.
Result<std::vector<SeriesName>> chosen_series(const std::vector<std::string>& metrics,
                                              const std::vector<SeriesName>& measured, const std::string& owner,
                                              bool is_live);

}  // namespace oodml::cli::curves
