#include "core/metrics/double_rows.h"

#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd -ffp-contract=off: a fused product would make the distance of a row to itself the
// rounding error of that product.

namespace oodml::metrics {
namespace {

template <typename Number>
void add(const Number* row, double factor, std::int64_t dim, double* sum) {
  for (std::int64_t d = 0; d < dim; ++d) sum[d] += static_cast<double>(row[d]) * factor;
}

template <typename Number>
void add_moved(const Number* row, double factor, const double* centre, std::int64_t dim, double* sum) {
  for (std::int64_t d = 0; d < dim; ++d) sum[d] += static_cast<double>(row[d]) * factor - centre[d];
}

template <typename Number>
void add_four_moved(const Number* const* rows, const double* factors, const double* centre, std::int64_t dim,
                    double* sum) {
  const Number *const first = rows[0], *const second = rows[1], *const third = rows[2], *const fourth = rows[3];
  const double by_first = factors[0], by_second = factors[1], by_third = factors[2], by_fourth = factors[3];
#pragma omp simd
  for (std::int64_t d = 0; d < dim; ++d) {
    double value = sum[d];
    value += static_cast<double>(first[d]) * by_first - centre[d];
    value += static_cast<double>(second[d]) * by_second - centre[d];
    value += static_cast<double>(third[d]) * by_third - centre[d];
    value += static_cast<double>(fourth[d]) * by_fourth - centre[d];
    sum[d] = value;
  }
}

template <typename Number>
double move(const Number* row, double factor, const double* centre, double scale, std::int64_t dim, float* moved) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t d = 0; d < dim; ++d) {
    const double value = (static_cast<double>(row[d]) * factor - centre[d]) * scale;
    moved[d] = static_cast<float>(value);
    sum += value * value;
  }
  return sum;
}

template <typename Number>
double difference_of_rows(const Number* a, double a_factor, const Number* b, double b_factor, std::int64_t dim) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t d = 0; d < dim; ++d) {
    const double difference = static_cast<double>(a[d]) * a_factor - static_cast<double>(b[d]) * b_factor;
    sum += difference * difference;
  }
  return sum;
}

template <typename Number>
double difference_of_moved(const Number* row, double factor, const double* centre, const double* other,
                           std::int64_t dim) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t d = 0; d < dim; ++d) {
    const double difference = (static_cast<double>(row[d]) * factor - centre[d]) - other[d];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

void add_row(const float* row, double factor, std::int64_t dim, double* sum) {
  products::wide<add<float>>(row, factor, dim, sum);
}
void add_row(const double* row, double factor, std::int64_t dim, double* sum) {
  products::wide<add<double>>(row, factor, dim, sum);
}

void add_moved_row(const float* row, double factor, const double* centre, std::int64_t dim, double* sum) {
  products::wide<add_moved<float>>(row, factor, centre, dim, sum);
}
void add_moved_row(const double* row, double factor, const double* centre, std::int64_t dim, double* sum) {
  products::wide<add_moved<double>>(row, factor, centre, dim, sum);
}

void add_four_moved_rows(const float* const* rows, const double* factors, const double* centre, std::int64_t dim,
                         double* sum) {
  products::wide<add_four_moved<float>>(rows, factors, centre, dim, sum);
}
void add_four_moved_rows(const double* const* rows, const double* factors, const double* centre, std::int64_t dim,
                         double* sum) {
  products::wide<add_four_moved<double>>(rows, factors, centre, dim, sum);
}

double move_row(const float* row, double factor, const double* centre, double scale, std::int64_t dim, float* moved) {
  return products::wide<move<float>>(row, factor, centre, scale, dim, moved);
}
double move_row(const double* row, double factor, const double* centre, double scale, std::int64_t dim, float* moved) {
  return products::wide<move<double>>(row, factor, centre, scale, dim, moved);
}

double squared_difference(const float* a, double a_factor, const float* b, double b_factor, std::int64_t dim) {
  return products::wide<difference_of_rows<float>>(a, a_factor, b, b_factor, dim);
}
double squared_difference(const double* a, double a_factor, const double* b, double b_factor, std::int64_t dim) {
  return products::wide<difference_of_rows<double>>(a, a_factor, b, b_factor, dim);
}

double squared_difference(const float* row, double factor, const double* centre, const double* other,
                          std::int64_t dim) {
  return products::wide<difference_of_moved<float>>(row, factor, centre, other, dim);
}
double squared_difference(const double* row, double factor, const double* centre, const double* other,
                          std::int64_t dim) {
  return products::wide<difference_of_moved<double>>(row, factor, centre, other, dim);
}

}  // namespace oodml::metrics
