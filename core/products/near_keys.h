#pragma once

#include <cstdint>

#include "core/products/registers.h"

namespace oodml::products {

/// What becomes of the product p of two rows: a key, smaller for nearer ones, which is the same from both sides.
enum class KeyForm {
  kSquaredDistance,  ///< max((a.squares + b.squares) - 2 p, 0)
  kCosine,           ///< max(1 - (p + (a.offsets + b.offsets)) (a.inverse_norms b.inverse_norms), 0)
};

/// What keys are made of, besides products; arrays by row, of which a form reads its own. Products of integers are
/// taken times the steps of both rows.
struct KeyParts {
  KeyForm form = KeyForm::kSquaredDistance;
  const float* squares = nullptr;
  const float* offsets = nullptr;
  const float* inverse_norms = nullptr;
  const float* steps = nullptr;

  KeyParts from(std::int64_t row) const {
    const auto moved = [row](const float* values) { return values == nullptr ? nullptr : values + row; };
    return {form, moved(squares), moved(offsets), moved(inverse_norms), moved(steps)};
  }
};

/// Lists of near rows, one a row: keys[row * capacity + i] and rows[...] with i < counts[row].
struct NearLists {
  float* keys;
  std::uint32_t* rows;
  std::uint32_t* counts;
  std::int64_t capacity;
};

/// Entries that a list needs beyond those it will hold: a vector is stored whole.
inline constexpr std::int64_t kSpareEntries = 16;

/// What stands in a tile of products of integers where a pair was taken out: less than any product of IntegerRows.
inline constexpr std::int32_t kTakenOut = INT32_MIN;

/// A tile of products, products[i * stride + j] with i < height and j < width, and who asks: rows (the i) for keys up
/// to row_limits[i], columns (the j) for keys up to column_limits[j]. Minus infinity asks for none. Either products or
/// integers is null.
struct KeyTile {
  const float* products;
  const std::int32_t* integers;
  std::int64_t stride, height, width;
  KeyParts row_parts, column_parts;  ///< From the first row and column of the tile on.
  const float* row_limits;
  const float* column_limits;
  std::uint32_t first_row, first_column;  ///< The numbers under which they enter the lists.
};

/// Appends to the lists of rows the columns within their limits, and the other way round; `of_columns` may be null.
/// A product of minus infinity is near to nothing, nor is kTakenOut. Reads up to kSpareEntries beyond a row of
/// products, and beyond the columns in their parts and limits.
using FindNear = void (*)(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns);

FindNear find_near(Registers registers);

extern const FindNear kPlainFindNear, kAvx2FindNear, kAvx512FindNear;

}  // namespace oodml::products
