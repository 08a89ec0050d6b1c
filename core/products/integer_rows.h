#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/products/integer_kernel.h"
#include "core/products/multiply.h"

namespace oodml::products {

/// Rows rounded to 16-bit integers, each after multiplication with a factor of its own that makes it as long as
/// kIntegerNorm, kSummedNorm and kLargestInteger allow: products of them are sums of integers and come at twice the
/// speed of single precision. What rounding took from a row is known, so Cauchy and Schwarz bound what a product of two
/// rows is off by.
class IntegerRows {
 public:
  /// Room for `size` rows of `dim` entries, not yet packed.
  IntegerRows(std::int64_t size, std::int64_t dim, Registers registers = widest_registers());

  /// Takes over the rows [first, first + count), given at `rows` [count, dim]. `first` is a multiple of kPanelRows,
  /// `count` too unless these are the last rows: so threads pack parts of one set beside each other. A row
  /// that is not finite, so long that single precision cannot tell its norm, or of more than kMostIntegerEntries
  /// entries becomes zeros with an infinite error.
  void pack(const float* rows, std::int64_t first, std::int64_t count);

  /// Some rows of another set, in that order.
  static IntegerRows chosen(const IntegerRows& from, std::span<const std::int64_t> ids);

  std::int64_t size() const { return size_; }
  std::int64_t dim() const { return dim_; }
  const IntegerKernel& kernel() const { return *kernel_; }

  /// [size] A product of two rows is about that of `multiply` times both steps. Zeros follow up to a multiple of
  /// kPanelRows.
  std::span<const float> steps() const { return steps_; }
  /// [size] For two rows of norms |x| and |y| their product is off by no more than e_x |y| + (|x| + e_x) e_y of these
  /// errors; positive. Zeros follow as well.
  std::span<const float> errors() const { return errors_; }
  /// [size] At least what the product of this row with any row of the set is off by. None is finite where an error is
  /// not.
  std::vector<float> product_errors() const;

  /// `pairs` pairs of entries from `from` on (a multiple of kPairs) of the panel with `row`, from that row on.
  const std::int32_t* at(std::int64_t row, std::int64_t from, std::int64_t pairs) const {
    const std::int64_t panel = kernel_->panel;
    return values_.get() + padded_ * from + row / panel * panel * pairs + row % panel;
  }

 private:
  struct Free {
    void operator()(std::int32_t* values) const;
  };

  IntegerRows(std::int64_t size, std::int64_t dim, const IntegerKernel& kernel);
  void pack_row(std::int64_t row, const float* values);
  std::int32_t* place(std::int64_t row, std::int64_t pair);

  std::int64_t size_, dim_, pairs_, padded_;
  const IntegerKernel* kernel_;
  std::unique_ptr<std::int32_t[], Free> values_;  ///< On a whole cache line.
  std::vector<float> steps_, errors_, norms_;
};

/// Pairs of entries that are multiplied at a time: a panel of them fits the first cache.
inline constexpr std::int64_t kPairs = 512;
/// No product of 2 kSummedPairs entries of this norm, each rounded, leaves 32 bits: norms in single precision are off
/// by less than 1 %, rounding adds half the root of the number of entries. Nor does the sum of all, halved kHalvings
/// times, of rows of kIntegerNorm.
inline constexpr float kSummedNorm = 45000.0f;
inline constexpr float kIntegerNorm = 2.0f * kSummedNorm;
inline constexpr float kLargestInteger = 32767.0f;
inline constexpr std::int64_t kMostIntegerEntries = 1 << 20;

/// out[(i - left.first) * stride + (j - right.first)] is the product of the integers of row i of `left` and j of
/// `right`, in sums of kSummedPairs that are halved kHalvings times and rounded down; both sides of one dimension and
/// one kernel. The same for every kernel. Nothing beyond the tile is written.
void multiply(const IntegerRows& a, RowRange left, const IntegerRows& b, RowRange right, std::int32_t* out,
              std::int64_t stride);

}  // namespace oodml::products
