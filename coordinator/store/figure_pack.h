#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::store {

/// The figures of one metric of a succeeded trial. A value may be NaN: it was measured so.
struct Figures {
  std::int64_t series = 0;
  double best = std::numeric_limits<double>::quiet_NaN();
  std::int64_t best_epoch = 0;
  double last = std::numeric_limits<double>::quiet_NaN();
  std::int64_t last_epoch = 0;
  double selected = std::numeric_limits<double>::quiet_NaN();  ///< NaN without validation
  std::optional<std::int64_t> selected_epoch;
};

/// All figures of a trial in one column, some twenty bytes each: a table over a million trials reads a row of each, and
/// not one of each of its metrics.
std::string pack_figures(const std::vector<Figures>& figures);

/// Into `figures`, in the place of what it held; kDataLoss: it was not made by pack_figures().
Status unpack_figures(std::string_view bytes, std::vector<Figures>& figures);

}  // namespace oodml::coordinator::store
