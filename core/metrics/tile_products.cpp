#include "core/metrics/tile_products.h"

#include <algorithm>
#include <cmath>

#include "core/metrics/block_pairs.h"
#include "core/products/dots.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kStepRoundings = 4;  // of a product of integers times both steps

}  // namespace

TileProducts::TileProducts(const ScreeningOrder& order, std::span<const std::int64_t> row_of, Kind kind)
    : order_(order), row_of_(row_of), dim_(order.rows().size(1)), rows_(order.rows().const_data_ptr<float>()) {
  if (!std::ranges::is_sorted(row_of_)) place_rows();
  pack(kind);
}

void TileProducts::pack(Kind kind) {
  const auto size = static_cast<std::int64_t>(row_of_.size());
  integers_.reset();
  packed_.reset();
  product_errors_.clear();
  if (kind == Kind::kOfIntegers) {
    integers_.emplace(size, dim_);
    for_panels(size, [&](std::int64_t first, std::int64_t last) {
      integers_->pack(rows_ + first * dim_, first, last - first);
    });
    product_errors_ = integers_->product_errors();
  } else {
    packed_.emplace(size, dim_);
    for_panels(size, [&](std::int64_t first, std::int64_t last) { packed_->pack(rows_, first, last); });
  }
}

void TileProducts::place_rows() {
  placed_ = std::make_unique_for_overwrite<float[]>(row_of_.size() * static_cast<std::size_t>(dim_));
  for_panels(std::ssize(row_of_), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t place = first; place < last; ++place) {
      std::copy_n(rows_ + row_of_[place] * dim_, dim_, placed_.get() + place * dim_);
    }
  });
  rows_ = placed_.get();
}

void TileProducts::multiply(products::NearTile& tile, products::RowRange rows, products::RowRange columns) const {
  if (integers_) {
    tile.multiply(*integers_, rows, columns);
  } else {
    tile.multiply(*packed_, rows, columns);
  }
}

bool TileProducts::is_sound() const {
  return std::ranges::all_of(product_errors_, [](float error) { return std::isfinite(error); });
}

void TileProducts::closer(std::int64_t place, std::span<const std::uint32_t> places, std::span<float> products) const {
  static const products::Dots dots = products::dots();
  dots(rows_ + place * dim_, rows_, places.data(), std::ssize(places), dim_, products.data());
}

Margin TileProducts::closer_margin(std::int64_t place, Space space) const {
  return {2.0f * order_.key_error(row_of_[place], space, products::dot_roundings(dim_), 0.0)};
}

Margin TileProducts::tile_margin(std::int64_t place, Space space) const {
  const std::int64_t roundings = integers_ ? kStepRoundings : products::roundings(dim_);
  const double of_product = integers_ ? static_cast<double>(product_errors_[place]) : 0.0;
  return {order_.key_error(row_of_[place], space, products::dot_roundings(dim_), 0.0) +
          order_.key_error(row_of_[place], space, roundings, of_product)};
}

}  // namespace oodml::metrics
