#pragma once

#include <torch/types.h>

#include <memory>
#include <span>

#include "core/metrics/neighbour_search.h"

namespace oodml::metrics {

/// How a search on the CPU orders the rows of a query: products of two matrices become keys, and what these leave open
/// is decided otherwise. Safe from several threads.
class NeighbourOrder {
 public:
  virtual ~NeighbourOrder() = default;

  /// [Q, D] and [N, D] float32: products[q][j] = queries[q] . rows[j].
  virtual const torch::Tensor& queries() const = 0;
  virtual const torch::Tensor& rows() const = 0;
  virtual void make_keys(std::int64_t query, Space space, std::span<const float> products,
                         std::span<Key> keys) const = 0;
  virtual RowOrder order(std::int64_t query, Space space) const = 0;
};

/// The references' order: single precision, of the rows as they are; cosines want moderate norms.
std::unique_ptr<NeighbourOrder> single_precision_order(const NeighbourSearch& search);

/// The order of float64 arithmetic on the given values, of one space.
std::unique_ptr<NeighbourOrder> double_order(const NeighbourSearch& search, Space space);
/// The same of both spaces from one matrix product, where it screens cosines well enough: norms are alike and the rows
/// are spread widely; else null.
std::unique_ptr<NeighbourOrder> double_order_of_both(const NeighbourSearch& search);

}  // namespace oodml::metrics
