#include "core/products/dots.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

class DotsTest : public KernelTest {};

TEST_P(DotsTest, EveryProductIsWithinItsRoundingsAndTheSameFromBothSides) {
  constexpr std::int64_t kSize = 30;
  const Dots find = dots(GetParam());
  std::mt19937 engine(1);
  std::normal_distribution<float> entry;
  for (const std::int64_t dim : {1, 3, 15, 16, 17, 31, 127, 128, 129, 300, 512, 1100}) {
    std::vector<float> rows(static_cast<std::size_t>(kSize * dim));
    for (float& value : rows) value = entry(engine);
    std::vector<float> all(kSize * kSize);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t row = 0; row < kSize; ++row) chosen.push_back((row * 7 + 3) % kSize);
    for (std::int64_t i = 0; i < kSize; ++i) {
      find(&rows[i * dim], rows.data(), chosen.data(), kSize, dim, &all[i * kSize]);
      for (std::int64_t c = 0; c < kSize; ++c) {
        double sum = 0.0, magnitudes = 0.0;
        for (std::int64_t d = 0; d < dim; ++d) {
          const double product = static_cast<double>(rows[i * dim + d]) * rows[chosen[c] * dim + d];
          sum += product, magnitudes += std::abs(product);
        }
        ASSERT_NEAR(all[i * kSize + c], sum, magnitudes * static_cast<double>(dot_roundings(dim)) * 0x1p-24) << dim;
      }
    }
    for (std::int64_t i = 0; i < kSize; ++i) {
      for (std::int64_t count = 1; count <= kSize; count += 3) {
        float last = 0.0f;
        std::vector<float> some(static_cast<std::size_t>(count));
        find(&rows[chosen[count - 1] * dim], rows.data(), std::vector{static_cast<std::uint32_t>(i)}.data(), 1, dim,
             &last);
        find(&rows[i * dim], rows.data(), chosen.data(), count, dim, some.data());
        ASSERT_EQ(some.back(), last) << dim;  // whatever else is chosen
      }
    }
  }
}

TEST_P(DotsTest, NothingIsWrittenForNoRows) {
  const std::vector<float> row{1.0f, 2.0f};
  float untouched = 5.0f;
  dots(GetParam())(row.data(), row.data(), nullptr, 0, 2, &untouched);
  EXPECT_EQ(untouched, 5.0f);
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, DotsTest, every_registers(), name_of_registers);

}  // namespace
}  // namespace oodml::products
