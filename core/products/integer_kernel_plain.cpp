#include "core/products/integer_kernel.h"

#include <algorithm>

// What a compiler makes of plain loops: for processors without a kernel of their own, and the judge of those that have.

namespace oodml::products {
namespace {

constexpr std::int64_t kPanel = 8, kRows = 4;

std::int32_t product_of_pairs(std::int32_t a, std::int32_t b) {
  const auto low = [](std::int32_t pair) { return static_cast<std::int16_t>(pair & 0xffff); };
  const auto high = [](std::int32_t pair) { return static_cast<std::int16_t>(pair >> 16); };
  return low(a) * low(b) + high(a) * high(b);
}

/// Of the pairs [first, last).
template <std::int64_t panels>
void multiply_some(const std::int32_t* rows, const std::int32_t* right, std::int64_t first, std::int64_t last,
                   std::int64_t pairs, bool add, std::int32_t* out, std::int64_t stride) {
  std::int32_t sums[kRows][panels * kPanel] = {};
  for (std::int64_t k = first; k < last; ++k) {
    for (std::int64_t r = 0; r < kRows; ++r) {
      for (std::int64_t p = 0; p < panels; ++p) {
        const std::int32_t* const others = right + (p * pairs + k) * kPanel;
        for (std::int64_t j = 0; j < kPanel; ++j) {
          sums[r][p * kPanel + j] += product_of_pairs(rows[k * kPanel + r], others[j]);
        }
      }
    }
  }
  for (std::int64_t r = 0; r < kRows; ++r) {
    for (std::int64_t j = 0; j < panels * kPanel; ++j) {
      std::int32_t& to = out[r * stride + j];
      to = (add ? to : 0) + (sums[r][j] >> kHalvings);
    }
  }
}

template <std::int64_t panels>
void multiply(const std::int32_t* rows, const std::int32_t* right, std::int64_t pairs, bool add, std::int32_t* out,
              std::int64_t stride) {
  for (std::int64_t k = 0; k < pairs; k += kSummedPairs) {
    multiply_some<panels>(rows, right, k, std::min(k + kSummedPairs, pairs), pairs, add || k > 0, out, stride);
  }
}

}  // namespace

const IntegerKernel kPlainIntegerKernel{
    .panel = kPanel, .rows = kRows, .most_panels = 3, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
