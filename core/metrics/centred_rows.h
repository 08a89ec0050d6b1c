#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// In which neighbours are found and clusters formed: the rows as they are by Euclidean distance, or the normalised
/// rows by inner product.
enum class Space { kEuclidean, kCosine };

/// The rows of a set as a space has them, read in double precision: as they are given, or times the inverse of their
/// norms. The set must outlive it and lie in main memory.
class SpaceRows {
 public:
  SpaceRows(const LabelledSet& set, Space space);

  std::int64_t size() const { return size_; }
  std::int64_t dim() const { return dim_; }
  /// 1, or the inverse norm of the row; 0 for a row of zeros.
  double factor(std::int64_t row) const { return factors_.empty() ? 1.0 : factors_[row]; }
  bool has_zero_rows() const { return has_zero_rows_; }  ///< Among normalised rows.

  std::vector<double> mean() const;  ///< [D]
  /// sum += the row
  void add_to(std::int64_t row, std::vector<double>& sum) const;
  /// sum += row - centre, of one row after the other.
  void add_moved_to(std::span<const std::int64_t> rows, const std::vector<double>& centre,
                    std::vector<double>& sum) const;
  /// (row - centre) * scale in single precision, and its squared norm before rounding.
  double move(std::int64_t row, const std::vector<double>& centre, double scale, float* moved) const;
  /// Of two rows of sets of one kind of numbers.
  double squared_distance(std::int64_t row, const SpaceRows& others, std::int64_t other) const;
  /// Of row - centre and `point` [D].
  double squared_distance(std::int64_t row, const std::vector<double>& centre, const double* point) const;

 private:
  torch::Tensor values_;  ///< [N, D] float32 or float64, contiguous
  std::int64_t size_, dim_;
  bool is_double_;
  bool has_zero_rows_ = false;
  std::vector<double> factors_;  ///< [N], or empty for 1
};

/// Rows moved by a common centre and scaled by a power of two so that the longest is about 1 long, rounded to single
/// precision: products of these lose as little as single precision allows, wherever the rows lie.
struct CentredRows {
  torch::Tensor rows;         ///< [N, D] float32
  std::vector<double> norms;  ///< [N] Euclidean, before rounding
  double longest = 0.0;       ///< of the norms

  static CentredRows of(const SpaceRows& rows, const std::vector<double>& centre, double scale);
};

/// Where rows are moved to: their mean, and the scale.
struct Centring {
  std::vector<double> centre;  ///< [D]
  double scale = 1.0;

  /// Of rows whose longest, moved, has that norm.
  static double scale_for(double longest);
  /// `centred` becomes the rows moved so.
  static Centring of(const SpaceRows& rows, CentredRows& centred);
};

/// What distances of centred rows of `dim` entries as |x|^2 + |y|^2 - 2 x.y in single precision are off by at most,
/// times the square of the sum of both norms: rounding of the entries, of the norms and of the sums, and of a product
/// summed in whatever order.
double screening_error(std::int64_t dim);
/// The same where it is known how many roundings a term of a product goes through at most.
double screening_error_of_roundings(std::int64_t roundings);

}  // namespace oodml::metrics
