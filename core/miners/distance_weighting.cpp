#include "core/miners/distance_weighting.h"

namespace oodml::miners {
namespace {

/// Distances reach 2 only between antipodal unit rows; rows that are not of unit length go beyond.
constexpr double kLargestDistance = 2.0 - 1e-4;

}  // namespace

torch::Tensor distance_weights(const torch::Tensor& distances, const torch::Tensor& candidates, std::int64_t dimension,
                               double lower_cutoff) {
  const auto d = distances.clamp(lower_cutoff, kLargestDistance);
  const auto log_weights = (2.0 - static_cast<double>(dimension)) * d.log() -
                           0.5 * (static_cast<double>(dimension) - 3.0) * at::log1p(-0.25 * d.square());
  // The shift cancels in the quotient; it keeps exp from overflowing.
  const auto masked = log_weights.masked_fill(candidates.logical_not(), 0.0);
  const auto shift = masked.amax(1, /*keepdim=*/true);
  return (masked - shift).exp() * candidates;
}

}  // namespace oodml::miners
