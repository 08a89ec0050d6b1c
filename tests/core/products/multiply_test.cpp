#include "core/products/multiply.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

constexpr float kUntouched = 12345.0f;

std::vector<float> random_rows(std::int64_t size, std::int64_t dim, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> entry(-1.0f, 1.0f);
  std::vector<float> rows(static_cast<std::size_t>(size * dim));
  for (float& value : rows) value = entry(engine);
  return rows;
}

PackedRows packed(const std::vector<float>& rows, std::int64_t size, std::int64_t dim, Registers registers) {
  PackedRows packed(size, dim, registers);
  packed.pack(rows.data(), 0, size);
  return packed;
}

class MultiplyTest : public KernelTest {};

/// How far a sum of `dim` products in single precision may lie from the one in double precision.
double allowed(double magnitudes, std::int64_t dim) {
  return magnitudes * static_cast<double>(dim) * std::numeric_limits<float>::epsilon();
}

TEST_P(MultiplyTest, EveryProductIsTheSumOfItsEntriesAndNothingElseIsWritten) {
  for (const std::int64_t dim : {1, 3, 64, 511, 512, 513, 1030}) {
    for (const auto& [n, m] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {7, 9}, {8, 48}, {49, 15}, {193, 250}}) {
      const auto a = random_rows(n, dim, 1), b = random_rows(m, dim, 2);
      const std::int64_t stride = m + 3;
      std::vector<float> out(static_cast<std::size_t>((n + 1) * stride), kUntouched);
      multiply(packed(a, n, dim, GetParam()), {0, n}, packed(b, m, dim, GetParam()), {0, m}, out.data(), stride);
      for (std::int64_t i = 0; i <= n; ++i) {
        for (std::int64_t j = 0; j < stride; ++j) {
          const float found = out[i * stride + j];
          if (i == n || j >= m) {
            ASSERT_EQ(found, kUntouched) << i << ", " << j;
            continue;
          }
          double sum = 0.0, magnitudes = 0.0;
          for (std::int64_t k = 0; k < dim; ++k) {
            const double product = static_cast<double>(a[i * dim + k]) * b[j * dim + k];
            sum += product;
            magnitudes += std::abs(product);
          }
          ASSERT_NEAR(found, sum, allowed(magnitudes, dim)) << dim << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST_P(MultiplyTest, AProductHasTheSameBitsInEveryTileAndOnBothSidesOfTheDiagonal) {
  constexpr std::int64_t kSize = 203, kDim = 700;
  const auto rows = random_rows(kSize, kDim, 3);
  const PackedRows set = packed(rows, kSize, kDim, GetParam());
  std::vector<float> whole(kSize * kSize), tile(kSize * kSize);
  multiply(set, {0, kSize}, set, {0, kSize}, whole.data(), kSize);
  multiply(set, {48, 150}, set, {96, kSize}, tile.data(), kSize);
  for (std::int64_t i = 0; i < kSize; ++i) {
    for (std::int64_t j = 0; j < kSize; ++j) ASSERT_EQ(whole[i * kSize + j], whole[j * kSize + i]) << i << ", " << j;
  }
  for (std::int64_t i = 48; i < 150; ++i) {
    for (std::int64_t j = 96; j < kSize; ++j) ASSERT_EQ(tile[(i - 48) * kSize + j - 96], whole[i * kSize + j]);
  }
}

TEST_P(MultiplyTest, ChosenRowsAreThoseOfTheSet) {
  constexpr std::int64_t kSize = 60, kDim = 20;
  const auto rows = random_rows(kSize, kDim, 4);
  const std::vector<std::int64_t> chosen{59, 0, 7, 7, 33};
  PackedRows some(5, kDim, GetParam());
  some.pack(rows.data(), chosen);
  const PackedRows set = packed(rows, kSize, kDim, GetParam());
  std::vector<float> whole(kSize * kSize), of_chosen(5 * kSize);
  multiply(set, {0, kSize}, set, {0, kSize}, whole.data(), kSize);
  multiply(some, {0, 5}, set, {0, kSize}, of_chosen.data(), kSize);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::int64_t j = 0; j < kSize; ++j) EXPECT_EQ(of_chosen[i * kSize + j], whole[chosen[i] * kSize + j]);
  }
}

TEST_P(MultiplyTest, PartsPackedOneByOneAreThePackedSet) {
  constexpr std::int64_t kSize = 100, kDim = 30;
  const auto rows = random_rows(kSize, kDim, 5);
  PackedRows parts(kSize, kDim, GetParam());
  parts.pack(rows.data(), 48, kSize);
  parts.pack(rows.data(), 0, 48);
  std::vector<float> of_parts(kSize * kSize), of_whole(kSize * kSize);
  const PackedRows whole = packed(rows, kSize, kDim, GetParam());
  multiply(parts, {0, kSize}, parts, {0, kSize}, of_parts.data(), kSize);
  multiply(whole, {0, kSize}, whole, {0, kSize}, of_whole.data(), kSize);
  EXPECT_EQ(of_parts, of_whole);
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, MultiplyTest, every_registers(), name_of_registers);

TEST(RegistersTest, TheWidestAreOnesThatTheProcessorHas) { EXPECT_TRUE(has_registers(widest_registers())); }

}  // namespace
}  // namespace oodml::products
