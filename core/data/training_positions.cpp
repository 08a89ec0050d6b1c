#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/seeds.h"
#include "core/data/select_set.h"

namespace oodml::data {
namespace {

/// round(linspace(0, n - 1, kept)) with halves to the even number, each position once.
std::vector<std::int64_t> spread(std::int64_t n, std::int64_t kept) {
  std::vector<std::int64_t> positions;
  const double step = kept > 1 ? static_cast<double>(n - 1) / static_cast<double>(kept - 1) : 0.0;
  for (std::int64_t i = 0; i < kept; ++i) {
    const bool last = i > 0 && i == kept - 1;  // the end itself, however the steps were rounded
    const double place = last ? static_cast<double>(n - 1) : static_cast<double>(i) * step;
    positions.push_back(static_cast<std::int64_t>(std::nearbyint(place)));
  }
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

/// The first `kept` of a shuffle that stops there.
std::vector<std::int64_t> drawn(std::int64_t n, std::int64_t kept, Random random) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(n));
  std::iota(positions.begin(), positions.end(), 0);
  for (std::int64_t i = 0; i < kept; ++i) {
    std::swap(positions[static_cast<std::size_t>(i)], positions[static_cast<std::size_t>(i + random.below(n - i))]);
  }
  positions.resize(static_cast<std::size_t>(kept));
  std::ranges::sort(positions);
  return positions;
}

}  // namespace

std::vector<std::int64_t> training_positions(std::int64_t n, double fraction, SampleCut how, const std::string& name,
                                             std::uint64_t seed) {
  const std::int64_t kept = share_kept(n, fraction);
  switch (how) {
    case SampleCut::kSpread:
      return spread(n, kept);
    case SampleCut::kDrawn:
      return drawn(n, kept, Seeds(seed).stream("validation of " + name));
    case SampleCut::kFirst:
      break;
  }
  std::vector<std::int64_t> first(static_cast<std::size_t>(kept));
  std::iota(first.begin(), first.end(), 0);
  return first;
}

}  // namespace oodml::data
