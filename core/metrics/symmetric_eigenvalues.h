#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace oodml::metrics {

/// The eigenvalues of a symmetric matrix [n, n], ascending, each within a few roundoffs of double precision times the
/// largest magnitude. Only the lower half is read. On the calling thread alone: the small matrices of embeddings would
/// meet at thousands of barriers. nullopt where an entry is not finite.
std::optional<std::vector<double>> symmetric_eigenvalues(const double* matrix, std::int64_t n);

}  // namespace oodml::metrics
