#pragma once

#include <memory>
#include <vector>

#include "core/products/integer_rows.h"
#include "core/products/near_keys.h"

namespace oodml::products {

/// The rows near one: their keys, and which they are.
struct NearRows {
  std::span<const float> keys;
  std::span<const std::uint32_t> rows;
};

/// A tile of the products of a set with itself, and who is near to whom in it. As a . b is b . a, a tile of some rows
/// with other rows serves both: of all pairs of a set, half of the tiles suffice. Buffers of one thread: 12 bytes a
/// product and 6 MiB at most for tiles of kMostRows.
class NearTile {
 public:
  static constexpr std::int64_t kMostRows = 8 * kPanelRows;  ///< 384

  explicit NearTile(Registers registers = widest_registers());

  /// Both ranges are of at most kMostRows, and either equal or apart; their first rows multiples of kPanelRows.
  void multiply(const PackedRows& set, RowRange rows, RowRange columns);
  void multiply(const IntegerRows& set, RowRange rows, RowRange columns);

  /// Takes what lies in both ranges out of the tile: these pairs are near in no sense.
  void take_out(RowRange rows, RowRange columns);

  /// Who is near: pairs with a key up to the limit of either. Parts and limits are by row of the set, with
  /// kSpareEntries more behind them. Minus infinity: to this row nobody is near. With products of integers parts have
  /// steps.
  void find(const KeyParts& parts, const float* limits);

  bool is_diagonal() const { return rows_.first == columns_.first; }
  /// Of a row among the rows of this tile (of a diagonal one: these are all), and of one among the columns.
  NearRows near_row(std::int64_t row) const { return of_rows_.list(row - rows_.first); }
  NearRows near_column(std::int64_t column) const { return of_columns_.list(column - columns_.first); }

 private:
  static constexpr std::int64_t kStride = kMostRows + kSpareEntries;

  struct Lists {
    std::unique_ptr<float[]> keys;
    std::unique_ptr<std::uint32_t[]> rows;
    std::vector<std::uint32_t> counts;

    NearLists cleared();
    NearRows list(std::int64_t at) const;
  };

  FindNear find_;
  RowRange rows_, columns_;
  bool of_integers_ = false;  ///< What was multiplied last; of products, each kind is made with its use.
  std::unique_ptr<float[]> products_;
  std::unique_ptr<std::int32_t[]> integers_;
  Lists of_rows_, of_columns_;
};

}  // namespace oodml::products
