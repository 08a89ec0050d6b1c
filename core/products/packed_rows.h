#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/products/micro_kernel.h"

namespace oodml::products {

/// Entries of a row that are multiplied at a time: a panel of them fits the first cache.
inline constexpr std::int64_t kDepth = 512;

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
  void pack(const float* rows, std::span<const std::int64_t> chosen);
  /// Packs all rows of a matrix that lies the other way round: `columns` [dim, size].
  void pack_columns(const float* columns);

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

/// A multiple of the rows of every kernel's panels.
inline constexpr std::int64_t kPanelRows = 48;

}  // namespace oodml::products
