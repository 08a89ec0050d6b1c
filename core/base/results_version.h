#pragma once

#include <cstdint>

namespace oodml {

/// Which numbers this program gives: the same specification on the same data has the same figures as long as this stays
/// the same. Raise it by one, by hand, with every change that moves a figure of some trial, be it a corrected metric,
/// another order of random draws or another default that is not written out: results of the number before are then told
/// from new ones, and no checkpoint of the number before is gone on from. What only makes a trial faster, or fail
/// otherwise, leaves it.
inline constexpr std::int64_t kResultsVersion = 3;

}  // namespace oodml
