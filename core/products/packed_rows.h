#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/products/micro_kernel.h"

namespace oodml::products {

/// Entries of a row that are summed at a time. Sums of these are added up: a sum in parts loses less than one of all
/// entries in a row, by which fewer rows have to be looked at again in double precision, and costs 3 % of the time.
inline constexpr std::int64_t kDepth = 128;

/// Rows of single precision in the layout of a micro-kernel: for every `kDepth` entries, panels of some rows, an entry
/// of all rows of a panel side by side. Rows up to a whole panel are zeros.
class PackedRows {
 public:
  /// Room for `size` rows of `dim` entries, not yet packed.
  PackedRows(std::int64_t size, std::int64_t dim, Registers registers = widest_registers());

  /// Packs the rows [first, last) of `rows` [size, dim]. `first` is a multiple of kPanelRows, `last` too or the size:
  /// so threads pack parts of one set beside each other.
  void pack(const float* rows, std::int64_t first, std::int64_t last);
  /// Packs the chosen rows of `rows` [any, dim], as many as the size.
  void pack(const float* rows, std::span<const std::int64_t> chosen) { pack(rows, chosen, 0, size_); }
  /// The same of the rows [first, last) that will be, as above.
  void pack(const float* rows, std::span<const std::int64_t> chosen, std::int64_t first, std::int64_t last);

  std::int64_t size() const { return size_; }
  std::int64_t dim() const { return dim_; }
  const MicroKernel& kernel() const { return *kernel_; }

  /// `depth` entries from `from` on (a multiple of kDepth) of the panel with `row`, from that row on.
  const float* at(std::int64_t row, std::int64_t from, std::int64_t depth) const {
    const std::int64_t panel = kernel_->panel;
    return values_.get() + padded_ * from + row / panel * panel * depth + row % panel;
  }

 private:
  struct Free {
    void operator()(float* values) const;
  };

  void pack_panel(std::int64_t row, const float* const* rows, std::int64_t count);

  std::int64_t size_, dim_, padded_;
  const MicroKernel* kernel_;
  std::unique_ptr<float[], Free> values_;  ///< On a whole cache line.
};

/// Roundings that a term of a product of rows of `dim` entries goes through at most.
constexpr std::int64_t roundings(std::int64_t dim) {
  const std::int64_t parts = (dim + kDepth - 1) / kDepth;
  return (parts == 1 ? dim : kDepth) + parts;
}

/// A multiple of the rows of every kernel's panels.
inline constexpr std::int64_t kPanelRows = 48;

}  // namespace oodml::products
