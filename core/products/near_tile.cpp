#include "core/products/near_tile.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace oodml::products {

NearTile::NearTile(Registers registers) : find_(find_near(registers)) {
  for (Lists* const lists : {&of_rows_, &of_columns_}) {
    lists->keys = std::make_unique_for_overwrite<float[]>(kMostRows * kStride);  // pages come with their use
    lists->rows = std::make_unique_for_overwrite<std::uint32_t[]>(kMostRows * kStride);
  }
}

NearLists NearTile::Lists::cleared() {
  counts.assign(kMostRows, 0);
  return {.keys = keys.get(), .rows = rows.get(), .counts = counts.data(), .capacity = kStride};
}

NearRows NearTile::Lists::list(std::int64_t at) const {
  const std::size_t count = counts.empty() ? 0 : counts[at];
  return {.keys = {keys.get() + at * kStride, count}, .rows = {rows.get() + at * kStride, count}};
}

void NearTile::multiply(const PackedRows& set, RowRange rows, RowRange columns) {
  assert(rows.size() <= kMostRows && columns.size() <= kMostRows);
  rows_ = rows, columns_ = columns, of_integers_ = false;
  if (!products_) products_ = std::make_unique<float[]>(kMostRows * kStride);  // beside products numbers are read
  products::multiply(set, rows, set, columns, products_.get(), kStride);
}

void NearTile::multiply(const IntegerRows& set, RowRange rows, RowRange columns) {
  assert(rows.size() <= kMostRows && columns.size() <= kMostRows);
  rows_ = rows, columns_ = columns, of_integers_ = true;
  if (!integers_) integers_ = std::make_unique<std::int32_t[]>(kMostRows * kStride);
  products::multiply(set, rows, set, columns, integers_.get(), kStride);
}

void NearTile::take_out(RowRange rows, RowRange columns) {
  const std::int64_t first = std::max(columns.first, columns_.first), last = std::min(columns.last, columns_.last);
  if (first >= last) return;
  for (std::int64_t i = std::max(rows.first, rows_.first); i < std::min(rows.last, rows_.last); ++i) {
    const std::int64_t at = (i - rows_.first) * kStride + first - columns_.first;
    if (of_integers_) {
      std::fill_n(integers_.get() + at, last - first, kTakenOut);
    } else {
      std::fill_n(products_.get() + at, last - first, -std::numeric_limits<float>::infinity());
    }
  }
}

void NearTile::find(const KeyParts& parts, const float* limits) {
  const KeyTile tile{.products = of_integers_ ? nullptr : products_.get(),
                     .integers = of_integers_ ? integers_.get() : nullptr,
                     .stride = kStride,
                     .height = rows_.size(),
                     .width = columns_.size(),
                     .row_parts = parts.from(rows_.first),
                     .column_parts = parts.from(columns_.first),
                     .row_limits = limits + rows_.first,
                     .column_limits = limits + columns_.first,
                     .first_row = static_cast<std::uint32_t>(rows_.first),
                     .first_column = static_cast<std::uint32_t>(columns_.first)};
  const NearLists near_rows = of_rows_.cleared(), near_columns = of_columns_.cleared();
  find_(tile, near_rows, is_diagonal() ? nullptr : &near_columns);
}

}  // namespace oodml::products
