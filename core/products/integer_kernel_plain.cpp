#include "core/products/integer_kernel.h"

// What a compiler makes of plain loops: for processors without a kernel of their own, and the judge of those that have.

namespace oodml::products {
namespace {

constexpr std::int64_t kPanel = 8, kRows = 4;

std::uint32_t product_of_pairs(std::int32_t a, std::int32_t b) {
  const auto low = [](std::int32_t pair) { return static_cast<std::int16_t>(pair & 0xffff); };
  const auto high = [](std::int32_t pair) { return static_cast<std::int16_t>(pair >> 16); };
  return static_cast<std::uint32_t>(low(a) * low(b)) + static_cast<std::uint32_t>(high(a) * high(b));
}

template <std::int64_t panels>
void multiply(const std::int32_t* rows, const std::int32_t* right, std::int64_t pairs, bool add, std::int32_t* out,
              std::int64_t stride) {
  std::uint32_t sums[kRows][panels * kPanel] = {};
  for (std::int64_t k = 0; k < pairs; ++k) {
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
      to = static_cast<std::int32_t>(add ? static_cast<std::uint32_t>(to) + sums[r][j] : sums[r][j]);
    }
  }
}

}  // namespace

const IntegerKernel kPlainIntegerKernel{
    .panel = kPanel, .rows = kRows, .most_panels = 3, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
