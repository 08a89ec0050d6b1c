#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/products/integer_rows.h"

namespace oodml::metrics {

/// Rows as screening of squared distances sees them: rounded to integers, whose products are exact and fast, with what
/// that can be off by.
class ScreenedRows {
 public:
  /// Writes a row to `moved` in single precision, about 1 long at most, and returns its squared norm before rounding.
  using Move = std::function<double(std::int64_t row, float* moved)>;

  /// Of `size` rows of `dim` entries; `move` is called by several threads.
  ScreenedRows(std::int64_t size, std::int64_t dim, const Move& move);
  /// Some rows of another set, in that order.
  static ScreenedRows chosen(const ScreenedRows& from, std::span<const std::int64_t> ids);

  std::int64_t size() const { return integers_.size(); }
  const products::IntegerRows& integers() const { return integers_; }
  double longest() const { return longest_; }  ///< Of the norms.

  /// [size] at least, infinite behind the last row.
  std::span<const float> squares() const { return squares_; }
  std::span<const float> norms() const { return norms_; }  ///< Rounded up.

 private:
  explicit ScreenedRows(products::IntegerRows integers);

  products::IntegerRows integers_;
  std::vector<float> squares_, norms_;
  double longest_ = 0.0;
};

/// What one row's squared distances to some columns can be.
struct Screened {
  float most;           ///< The smallest of the most that they can be.
  float least, second;  ///< The two smallest of the least that they can be.
};

/// least[j - columns.first] is the least that the squared distance of a row to column j can be. `products` are those of
/// the row's integers with the columns'; columns.first is a multiple of kPanelRows, and both arrays have room for
/// columns up to the next multiple of kPanelRows, which are infinitely far.
Screened screen(const ScreenedRows& rows, std::int64_t row, const ScreenedRows& all, products::RowRange columns,
                const std::int32_t* products, float* least);

/// Appends base + the positions of values up to `last`, ascending.
struct Candidate {
  std::int64_t column;
  float least;  ///< that its squared distance can be
};
void append_up_to(std::span<const float> least, float last, std::int64_t base, std::vector<Candidate>& candidates);

}  // namespace oodml::metrics
