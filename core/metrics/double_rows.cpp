#include "core/metrics/double_rows.h"

#include "core/metrics/wide.h"

// Compiled with -O3 -fopenmp-simd -ffp-contract=off: a fused product would make the distance of a row to itself the
// rounding error of that product. The loops are written once as macros, as a function for several processors
// (OODML_WIDE) cannot be a template.

namespace oodml::metrics {

#define OODML_DOUBLE_ROWS(Number)                                                                                    \
  OODML_WIDE void add_row(const Number* row, double factor, std::int64_t dim, double* sum) {                         \
    for (std::int64_t d = 0; d < dim; ++d) sum[d] += static_cast<double>(row[d]) * factor;                           \
  }                                                                                                                  \
  OODML_WIDE void add_moved_row(const Number* row, double factor, const double* centre, std::int64_t dim,            \
                                double* sum) {                                                                       \
    for (std::int64_t d = 0; d < dim; ++d) sum[d] += static_cast<double>(row[d]) * factor - centre[d];               \
  }                                                                                                                  \
  OODML_WIDE void add_four_moved_rows(const Number* const* rows, const double* factors, const double* centre,        \
                                      std::int64_t dim, double* sum) {                                               \
    const Number *const first = rows[0], *const second = rows[1], *const third = rows[2], *const fourth = rows[3];   \
    const double by_first = factors[0], by_second = factors[1], by_third = factors[2], by_fourth = factors[3];       \
    _Pragma("omp simd") for (std::int64_t d = 0; d < dim; ++d) {                                                     \
      double value = sum[d];                                                                                         \
      value += static_cast<double>(first[d]) * by_first - centre[d];                                                 \
      value += static_cast<double>(second[d]) * by_second - centre[d];                                               \
      value += static_cast<double>(third[d]) * by_third - centre[d];                                                 \
      value += static_cast<double>(fourth[d]) * by_fourth - centre[d];                                               \
      sum[d] = value;                                                                                                \
    }                                                                                                                \
  }                                                                                                                  \
  OODML_WIDE double move_row(const Number* row, double factor, const double* centre, double scale, std::int64_t dim, \
                             float* moved) {                                                                         \
    double sum = 0.0;                                                                                                \
    _Pragma("omp simd reduction(+ : sum)") for (std::int64_t d = 0; d < dim; ++d) {                                  \
      const double value = (static_cast<double>(row[d]) * factor - centre[d]) * scale;                               \
      moved[d] = static_cast<float>(value);                                                                          \
      sum += value * value;                                                                                          \
    }                                                                                                                \
    return sum;                                                                                                      \
  }                                                                                                                  \
  OODML_WIDE double squared_difference(const Number* a, double a_factor, const Number* b, double b_factor,           \
                                       std::int64_t dim) {                                                           \
    double sum = 0.0;                                                                                                \
    _Pragma("omp simd reduction(+ : sum)") for (std::int64_t d = 0; d < dim; ++d) {                                  \
      const double difference = static_cast<double>(a[d]) * a_factor - static_cast<double>(b[d]) * b_factor;         \
      sum += difference * difference;                                                                                \
    }                                                                                                                \
    return sum;                                                                                                      \
  }                                                                                                                  \
  OODML_WIDE double squared_difference(const Number* row, double factor, const double* centre, const double* other,  \
                                       std::int64_t dim) {                                                           \
    double sum = 0.0;                                                                                                \
    _Pragma("omp simd reduction(+ : sum)") for (std::int64_t d = 0; d < dim; ++d) {                                  \
      const double difference = (static_cast<double>(row[d]) * factor - centre[d]) - other[d];                       \
      sum += difference * difference;                                                                                \
    }                                                                                                                \
    return sum;                                                                                                      \
  }

OODML_DOUBLE_ROWS(float)
OODML_DOUBLE_ROWS(double)
#undef OODML_DOUBLE_ROWS

}  // namespace oodml::metrics
