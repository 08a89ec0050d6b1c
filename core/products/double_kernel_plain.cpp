#include "core/products/double_kernel.h"

// What a compiler makes of plain loops: for processors without a kernel of their own, and the judge of those that have.

namespace oodml::products {
namespace {

constexpr std::int64_t kPanel = 4;

template <std::int64_t panels>
void add(const double* left, const double* right, std::int64_t depth, double* out, std::int64_t stride) {
  double sums[kPanel][panels * kPanel] = {};
  for (std::int64_t k = 0; k < depth; ++k) {
    for (std::int64_t r = 0; r < kPanel; ++r) {
      for (std::int64_t p = 0; p < panels; ++p) {
        const double* const entries = right + (p * depth + k) * kPanel;
        for (std::int64_t j = 0; j < kPanel; ++j) sums[r][p * kPanel + j] += left[k * kPanel + r] * entries[j];
      }
    }
  }
  for (std::int64_t r = 0; r < kPanel; ++r) {
    for (std::int64_t j = 0; j < panels * kPanel; ++j) out[r * stride + j] += sums[r][j];
  }
}

template <typename Number>
void pack(const Number* from, std::int64_t stride, std::int64_t count, double* to) {
  for (std::int64_t k = 0; k < count; ++k, from += stride, to += kPanel) {
    for (std::int64_t j = 0; j < kPanel; ++j) to[j] = static_cast<double>(from[j]);
  }
}

void multiply_four(const double* rows, std::int64_t stride, std::int64_t count, const double* x, const double* own,
                   double* product, double* sums) {
  for (std::int64_t r = 0; r < 4; ++r, rows += stride) {
    for (std::int64_t j = 0; j < count; ++j) {
      sums[r] += rows[j] * x[j];
      product[j] += rows[j] * own[r];
    }
  }
}

}  // namespace

const DoubleKernel kPlainDoubleKernel{.panel = kPanel,
                                      .with_panels = {add<1>, add<2>, add<3>},
                                      .pack_floats = pack<float>,
                                      .pack_doubles = pack<double>,
                                      .multiply_four = multiply_four};

}  // namespace oodml::products
