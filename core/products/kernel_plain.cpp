#include "core/products/micro_kernel.h"

// What a compiler makes of plain loops: for processors without a kernel of their own, and the judge of those that have.

namespace oodml::products {
namespace {

constexpr std::int64_t kPanel = 8, kRows = 4;

template <std::int64_t panels>
void multiply(const float* rows, const float* right, std::int64_t depth, bool add, float* out, std::int64_t stride) {
  float sums[kRows][panels * kPanel] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::int64_t r = 0; r < kRows; ++r) {
      for (std::int64_t p = 0; p < panels; ++p) {
        const float* const entries = right + (p * depth + k) * kPanel;
        for (std::int64_t j = 0; j < kPanel; ++j) sums[r][p * kPanel + j] += rows[k * kPanel + r] * entries[j];
      }
    }
  }
  for (std::int64_t r = 0; r < kRows; ++r) {
    for (std::int64_t j = 0; j < panels * kPanel; ++j) {
      float& to = out[r * stride + j];
      to = add ? to + sums[r][j] : sums[r][j];
    }
  }
}

}  // namespace

const MicroKernel kPlainKernel{.panel = kPanel, .rows = kRows, .with_panels = {multiply<1>, multiply<2>, multiply<3>}};

}  // namespace oodml::products
