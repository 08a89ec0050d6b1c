#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "coordinator/store/point_pack.h"

namespace oodml::coordinator::upkeep {

/// What thinning must know of a trial beside its points.
struct ThinningTerms {
  std::int64_t kept = 24;         ///< Points of a course that stay beside those of `epochs`; 2 or more.
  AttemptEpoch run_from = 0;      ///< The attempts behind it are the present run, one course a series.
  std::set<std::int64_t> epochs;  ///< Of which results and reports read figures of every series.
  std::map<std::int64_t, std::set<std::int64_t>> own_epochs;  ///< By series: of which they read its own.
};

/// The points that stay of a trial that is over, in their order. Of each course the first, the last, the smallest and
/// the largest figure stay, those of `epochs` and `own_epochs`, and `kept` more at even distances. Of an epoch that was
/// measured again in the present run only the figure that counts, the newest attempt's, stays. Courses as short as that
/// keep all.
std::vector<store::Point> thinned(const std::vector<store::Point>& points, const ThinningTerms& terms);

}  // namespace oodml::coordinator::upkeep
