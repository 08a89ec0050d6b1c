#include "core/products/integer_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <new>

namespace oodml::products {
namespace {

constexpr std::align_val_t kLine{64};
constexpr std::int64_t kLanes = 8;  // sums side by side, as one register adds them

/// Added to a number and taken away again, it rounds to an integer; its bits plus that integer are those of the sum.
constexpr float kRounder = 0x1.8p23f;

constexpr float kUp = 1.01f;  // what single precision may hide of a norm

constexpr float kStepUp = 2.0f;  // of both rows, makes good kHalvings of their product
static_assert(kStepUp * kStepUp == 1 << kHalvings);
static_assert(kPairs % kSummedPairs == 0);

constexpr float kShortest = 0x1p-50f;  // squares of shorter rows vanish in single precision

float sum_of(const float (&lanes)[kLanes]) {
  float sum = 0.0f;
  for (const float lane : lanes) sum += lane;
  return sum;
}

float square_of(const float* row, std::int64_t dim) {
  float lanes[kLanes] = {};
  const std::int64_t whole = dim / kLanes * kLanes;
  for (std::int64_t d = 0; d < whole; d += kLanes) {
    for (std::int64_t l = 0; l < kLanes; ++l) lanes[l] += row[d + l] * row[d + l];
  }
  float sum = sum_of(lanes);
  for (std::int64_t d = whole; d < dim; ++d) sum += row[d] * row[d];
  return sum;
}

/// Of a row, and the largest of entries that are summed in one go.
struct Norms {
  float whole = 0.0f, of_some = 0.0f;
};

Norms norms_of(const float* row, std::int64_t dim) {
  constexpr std::int64_t kSome = 2 * kSummedPairs;
  Norms squares;
  for (std::int64_t d = 0; d < dim; d += kSome) {
    const float square = square_of(row + d, std::min(kSome, dim - d));
    squares.whole += square;
    squares.of_some = std::max(squares.of_some, square);
  }
  return {std::sqrt(squares.whole), std::sqrt(squares.of_some)};
}

float largest_of(const float* row, std::int64_t dim) {
  float lanes[kLanes] = {};
  const std::int64_t whole = dim / kLanes * kLanes;
  for (std::int64_t d = 0; d < whole; d += kLanes) {
    for (std::int64_t l = 0; l < kLanes; ++l) {
      const float magnitude = std::abs(row[d + l]);
      lanes[l] = magnitude > lanes[l] ? magnitude : lanes[l];
    }
  }
  float largest = *std::max_element(lanes, lanes + kLanes);
  for (std::int64_t d = whole; d < dim; ++d) largest = std::max(largest, std::abs(row[d]));
  return largest;
}

/// integers[d] = row[d] / step, rounded; returns the norm of what that took from the row.
float round_row(const float* row, float step, float inverse, std::int64_t dim, std::int32_t* integers) {
  float lanes[kLanes] = {};
  const auto round = [&](std::int64_t d) {
    const float moved = row[d] * inverse + kRounder;
    integers[d] = std::bit_cast<std::int32_t>(moved) - std::bit_cast<std::int32_t>(kRounder);
    const float lost = row[d] - (moved - kRounder) * step;
    return lost * lost;
  };
  const std::int64_t whole = dim / kLanes * kLanes;
  for (std::int64_t d = 0; d < whole; d += kLanes) {
    for (std::int64_t l = 0; l < kLanes; ++l) lanes[l] += round(d + l);
  }
  float sum = sum_of(lanes);
  for (std::int64_t d = whole; d < dim; ++d) sum += round(d);
  return std::sqrt(sum);
}

std::int32_t pair_of(std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(low) & 0xffffu) |
                                   (static_cast<std::uint32_t>(high) << 16));
}

}  // namespace

void IntegerRows::Free::operator()(std::int32_t* values) const { ::operator delete[](values, kLine); }

IntegerRows::IntegerRows(std::int64_t size, std::int64_t dim, Registers registers)
    : IntegerRows(size, dim, integer_kernel(registers)) {}

IntegerRows::IntegerRows(std::int64_t size, std::int64_t dim, const IntegerKernel& kernel)
    : size_(size), dim_(dim), pairs_((dim + 1) / 2), kernel_(&kernel) {
  padded_ = (size + kernel_->panel - 1) / kernel_->panel * kernel_->panel;
  const auto bytes = static_cast<std::size_t>(padded_ * pairs_) * sizeof(std::int32_t);
  values_.reset(static_cast<std::int32_t*>(::operator new[](bytes, kLine)));
  for (std::int64_t row = size_; row < padded_; ++row) {
    for (std::int64_t pair = 0; pair < pairs_; ++pair) *place(row, pair) = 0;
  }
  const std::int64_t whole = (size + kPanelRows - 1) / kPanelRows * kPanelRows;
  steps_.resize(static_cast<std::size_t>(whole));
  errors_.resize(static_cast<std::size_t>(whole));
  norms_.resize(static_cast<std::size_t>(whole));
}

std::int32_t* IntegerRows::place(std::int64_t row, std::int64_t pair) {
  const std::int64_t from = pair / kPairs * kPairs, panel = kernel_->panel;
  const std::int64_t pairs = std::min(kPairs, pairs_ - from);
  return values_.get() + padded_ * from + row / panel * panel * pairs + (pair - from) * panel + row % panel;
}

void IntegerRows::pack(const float* rows, std::int64_t first, std::int64_t count) {
  assert(first % kPanelRows == 0 && (count % kPanelRows == 0 || first + count == size_));
  for (std::int64_t i = 0; i < count; ++i) pack_row(first + i, rows + i * dim_);
}

std::vector<float> IntegerRows::product_errors() const {
  const auto largest = [&](const std::vector<float>& of) { return *std::ranges::max_element(of); };
  const float longest = largest(norms_), error = largest(errors_);
  std::vector<float> errors(static_cast<std::size_t>(size_));
  for (std::int64_t row = 0; row < size_; ++row) {
    errors[row] = (errors_[row] * longest + (norms_[row] + errors_[row]) * error) * kUp;
  }
  return errors;
}

void IntegerRows::pack_row(std::int64_t row, const float* values) {
  thread_local std::vector<std::int32_t> integers;
  integers.assign(static_cast<std::size_t>(2 * pairs_), 0);
  const auto [norm, norm_of_some] = norms_of(values, dim_);
  norms_[row] = norm * kUp;
  if (!(norm >= kShortest && norm < 1.0f / kShortest) || dim_ > kMostIntegerEntries) {
    steps_[row] = 0.0f;
    errors_[row] = norm < kShortest ? 2.0f * kShortest : std::numeric_limits<float>::infinity();
  } else {
    const float step =
        std::max({norm / kIntegerNorm, norm_of_some / kSummedNorm, largest_of(values, dim_) / kLargestInteger});
    const float lost = round_row(values, step, 1.0f / step, dim_, integers.data());
    steps_[row] = step * kStepUp;
    // What single precision may hide of it: by sums of so many squares, and in each entry. Then what halving takes from
    // a product: less than 4 a sum, so times both steps, of which that of the other row is at most 1.01 of its norm /
    // kLargestInteger.
    const float sums = static_cast<float>((pairs_ + kSummedPairs - 1) / kSummedPairs);
    errors_[row] = lost * (1.001f + static_cast<float>(dim_) * 0x1p-27f) + norm * 0x1p-22f +
                   sums * step * (8.0f / kLargestInteger);
  }
  for (std::int64_t from = 0; from < pairs_; from += kPairs) {
    std::int32_t* to = place(row, from);
    const std::int64_t last = std::min(from + kPairs, pairs_);
    for (std::int64_t pair = from; pair < last; ++pair, to += kernel_->panel) {
      *to = pair_of(integers[2 * pair], integers[2 * pair + 1]);
    }
  }
}

IntegerRows IntegerRows::chosen(const IntegerRows& from, std::span<const std::int64_t> ids) {
  IntegerRows some(static_cast<std::int64_t>(ids.size()), from.dim_, *from.kernel_);
  const std::int64_t panel = some.kernel_->panel;
  for (std::int64_t i = 0; i < some.size_; ++i) {
    some.steps_[i] = from.steps_[ids[i]];
    some.errors_[i] = from.errors_[ids[i]];
    some.norms_[i] = from.norms_[ids[i]];
    for (std::int64_t begin = 0; begin < from.pairs_; begin += kPairs) {
      const std::int64_t pairs = std::min(kPairs, from.pairs_ - begin);
      const std::int32_t* const source = from.at(ids[i], begin, pairs);
      std::int32_t* const to = some.place(i, begin);
      for (std::int64_t pair = 0; pair < pairs; ++pair) to[pair * panel] = source[pair * panel];
    }
  }
  return some;
}

}  // namespace oodml::products
