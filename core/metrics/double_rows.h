#pragma once

#include <cstdint>

namespace oodml::metrics {

// Loops over rows of single or double precision, in double arithmetic. A row is taken times a factor of its own: 1, or
// the inverse of its norm.

/// sum[d] += row[d] * factor
void add_row(const float* row, double factor, std::int64_t dim, double* sum);
void add_row(const double* row, double factor, std::int64_t dim, double* sum);

/// sum[d] += row[d] * factor - centre[d]
void add_moved_row(const float* row, double factor, const double* centre, std::int64_t dim, double* sum);
void add_moved_row(const double* row, double factor, const double* centre, std::int64_t dim, double* sum);
/// The same of four rows, one after the other.
void add_four_moved_rows(const float* const* rows, const double* factors, const double* centre, std::int64_t dim,
                         double* sum);
void add_four_moved_rows(const double* const* rows, const double* factors, const double* centre, std::int64_t dim,
                         double* sum);

/// moved[d] = (row[d] * factor - centre[d]) * scale in single precision; returns the squared norm before rounding.
double move_row(const float* row, double factor, const double* centre, double scale, std::int64_t dim, float* moved);
double move_row(const double* row, double factor, const double* centre, double scale, std::int64_t dim, float* moved);

/// Squared norm of a * a_factor - b * b_factor; 0 for equal rows and factors.
double squared_difference(const float* a, double a_factor, const float* b, double b_factor, std::int64_t dim);
double squared_difference(const double* a, double a_factor, const double* b, double b_factor, std::int64_t dim);
/// Squared norm of (row * factor - centre) - other.
double squared_difference(const float* row, double factor, const double* centre, const double* other, std::int64_t dim);
double squared_difference(const double* row, double factor, const double* centre, const double* other,
                          std::int64_t dim);

}  // namespace oodml::metrics
