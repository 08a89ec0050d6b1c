#include "core/products/packed_rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <new>

namespace oodml::products {
namespace {

constexpr std::align_val_t kCacheLine{64};
constexpr std::int64_t kMostRows = 16;  // of a panel

/// A whole panel, of as many rows as the compiler knows: an entry of all of them is written side by side.
template <std::int64_t panel>
void pack_whole(const float* const* rows, std::int64_t from, std::int64_t depth, float* to) {
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::int64_t r = 0; r < panel; ++r) to[k * panel + r] = rows[r][from + k];
  }
}

}  // namespace

void PackedRows::Free::operator()(float* values) const { ::operator delete[](values, kCacheLine); }

PackedRows::PackedRows(std::int64_t size, std::int64_t dim, Registers registers)
    : size_(size), dim_(dim), kernel_(&micro_kernel(registers)) {
  padded_ = (size + kernel_->panel - 1) / kernel_->panel * kernel_->panel;
  const auto bytes = static_cast<std::size_t>(padded_ * dim) * sizeof(float);
  values_.reset(static_cast<float*>(::operator new[](bytes, kCacheLine)));
}

void PackedRows::pack(const float* rows, std::int64_t first, std::int64_t last) {
  assert(first % kPanelRows == 0 && (last % kPanelRows == 0 || last == size_));
  std::array<const float*, kMostRows> of_panel{};
  for (std::int64_t row = first; row < last; row += kernel_->panel) {
    const std::int64_t count = std::min(kernel_->panel, last - row);
    for (std::int64_t r = 0; r < count; ++r) of_panel[r] = rows + (row + r) * dim_;
    pack_panel(row, of_panel.data(), count);
  }
}

void PackedRows::pack(const float* rows, std::span<const std::int64_t> chosen, std::int64_t first, std::int64_t last) {
  assert(first % kPanelRows == 0 && (last % kPanelRows == 0 || last == size_));
  std::array<const float*, kMostRows> of_panel{};
  for (std::int64_t row = first; row < last; row += kernel_->panel) {
    const std::int64_t count = std::min(kernel_->panel, last - row);
    for (std::int64_t r = 0; r < count; ++r) of_panel[r] = rows + chosen[row + r] * dim_;
    pack_panel(row, of_panel.data(), count);
  }
}

void PackedRows::pack_panel(std::int64_t row, const float* const* rows, std::int64_t count) {
  const std::int64_t panel = kernel_->panel;
  for (std::int64_t from = 0; from < dim_; from += kDepth) {
    const std::int64_t depth = std::min(kDepth, dim_ - from);
    float* const to = values_.get() + padded_ * from + row * depth;
    if (count == kMostRows) {
      pack_whole<kMostRows>(rows, from, depth, to);
      continue;
    }
    if (count == panel && panel == kMostRows / 2) {
      pack_whole<kMostRows / 2>(rows, from, depth, to);
      continue;
    }
    for (std::int64_t r = 0; r < panel; ++r) {
      for (std::int64_t k = 0; k < depth; ++k) to[k * panel + r] = r < count ? rows[r][from + k] : 0.0f;
    }
  }
}

}  // namespace oodml::products
