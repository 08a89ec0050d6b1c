#pragma once

#include <cstdint>
#include <span>

namespace oodml::metrics {

/// Normalised mutual information of two partitions of the same rows, arithmetic mean of the entropies (quirk Q32):
/// 2 I / (H(a) + H(b)). Both trivial: 1; nothing shared: 0. Ids are any integers; equal lengths.
/// Source: docs/metrics.md#nmi.
double normalized_mutual_information(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

}  // namespace oodml::metrics
