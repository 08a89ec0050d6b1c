#pragma once

#include <cstdint>
#include <span>

namespace oodml::metrics {

/// F-measure over pairs of rows: a pair in one cluster is right if it is in one class. 0 where no pair is in both. Ids
/// are any integers; equal lengths. Source: Manning et al., 2010, Sec. 16.3; docs/metrics.md#f1.
double pair_f1(std::span<const std::int64_t> clusters, std::span<const std::int64_t> classes);

}  // namespace oodml::metrics
