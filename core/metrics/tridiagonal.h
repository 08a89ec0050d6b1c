#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace oodml::metrics {

/// A symmetric matrix whose entries are zero but on the diagonal and beside it.
struct Tridiagonal {
  std::vector<double> diagonal;  ///< [n]
  std::vector<double> beside;    ///< [n], the last one unused: beside[i] is the entry (i, i + 1)
};

/// One with the eigenvalues of the symmetric matrix [n, n] times `scale`, by Householder's reflections as LAPACK's
/// dsytrd. Only the lower half is read. The largest entry, scaled, is about 1.
Tridiagonal to_tridiagonal(const double* matrix, std::int64_t n, double scale);

/// Its eigenvalues, ascending, by the QL algorithm without square roots of Pal, Walker and Kahan, as LAPACK's dsterf;
/// nullopt where that does not end, which has not been seen. The largest entry is about 1.
std::optional<std::vector<double>> eigenvalues_of(Tridiagonal matrix);

}  // namespace oodml::metrics
