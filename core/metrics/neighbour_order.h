#pragma once

#include <torch/types.h>

#include <memory>
#include <span>

#include "core/metrics/neighbour_search.h"
#include "core/products/near_keys.h"

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

/// An order that screens: products may be rounded in whatever way, as long as a term goes through no more than
/// products::roundings. Keys then are within the margin of what they stand for.
class ScreeningOrder : public NeighbourOrder {
 public:
  /// By row, of a set that is searched for its own rows: what make_keys makes keys with, for queries that have a
  /// direction (RowOrder::exactly of others is empty).
  virtual products::KeyParts key_parts(Space space) const = 0;

  /// What a key of the query, which has a direction, is off by at most where a term of its product goes through so many
  /// roundings and the product is off by `product_error` besides.
  virtual float key_error(std::int64_t query, Space space, std::int64_t roundings, double product_error) const = 0;
};

/// The references' order: single precision, of the rows as they are; cosines want moderate norms.
std::unique_ptr<NeighbourOrder> single_precision_order(const NeighbourSearch& search);

/// The order of float64 arithmetic on the given values, of one space.
std::unique_ptr<ScreeningOrder> double_order(const NeighbourSearch& search, Space space);
/// The same of both spaces from one matrix product, where it screens cosines well enough: norms are alike and the rows
/// are spread widely; else null.
std::unique_ptr<ScreeningOrder> double_order_of_both(const NeighbourSearch& search);

}  // namespace oodml::metrics
