#pragma once

#include <memory>
#include <optional>
#include <span>

#include "core/metrics/neighbour_order.h"
#include "core/products/integer_rows.h"
#include "core/products/near_tile.h"

namespace oodml::metrics {

/// The products that tell strangers from members, of the rows of an order, place by place: of rows rounded to integers,
/// which are fast and whose keys are off by thousandths, or in single precision. For few pairs there are closer ones.
class TileProducts {
 public:
  enum class Kind { kOfIntegers, kSinglePrecision };

  /// row_of[place] is the row of the order that stands there. Both must outlive it.
  TileProducts(const ScreeningOrder& order, std::span<const std::int64_t> row_of, Kind kind);
  /// Of this kind from now on.
  void pack(Kind kind);

  void multiply(products::NearTile& tile, products::RowRange rows, products::RowRange columns) const;
  /// By place, for KeyParts; null where products are what they are.
  const float* steps() const { return integers_ ? integers_->steps().data() : nullptr; }
  /// Whether integers stand for the rows: none of these is so long or so short that it has none.
  bool is_sound() const;

  /// products[i] = the row at a place . the one at places[i].
  void closer(std::int64_t place, std::span<const std::uint32_t> places, std::span<float> products) const;

  /// Between two keys of closer products of the query at a place, and of one with a key of a tile's product.
  Margin closer_margin(std::int64_t place, Space space) const;
  Margin tile_margin(std::int64_t place, Space space) const;

 private:
  void place_rows();

  const ScreeningOrder& order_;
  std::span<const std::int64_t> row_of_;
  std::int64_t dim_;
  std::unique_ptr<float[]> placed_;  ///< The rows by place, so that those of a tile lie together; null where they do.
  const float* rows_;                ///< [N, D] by place.
  std::optional<products::IntegerRows> integers_;
  std::optional<products::PackedRows> packed_;  ///< Or these.
  std::vector<float> product_errors_;           ///< By place; empty for single precision.
};

}  // namespace oodml::metrics
