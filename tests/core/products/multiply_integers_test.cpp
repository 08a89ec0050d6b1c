#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "core/products/integer_rows.h"
#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

constexpr std::int32_t kUntouchedInteger = 12345;

std::vector<float> drawn_rows(std::int64_t size, std::int64_t dim, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> entry;
  std::vector<float> rows(static_cast<std::size_t>(size * dim));
  for (float& value : rows) value = entry(engine);
  return rows;
}

IntegerRows integers_of(const std::vector<float>& rows, std::int64_t size, std::int64_t dim, Registers registers) {
  IntegerRows integers(size, dim, registers);
  integers.pack(rows.data(), 0, size);
  return integers;
}

/// Entry `d` of a row, read from where kernels read it.
std::int16_t entry_of(const IntegerRows& rows, std::int64_t row, std::int64_t d) {
  const std::int64_t pairs = (rows.dim() + 1) / 2, pair = d / 2, from = pair / kPairs * kPairs;
  const std::int32_t both = rows.at(row, from, std::min(kPairs, pairs - from))[(pair - from) * rows.kernel().panel];
  return static_cast<std::int16_t>(d % 2 == 0 ? both & 0xffff : both >> 16);
}

std::vector<std::int64_t> entries_of(const IntegerRows& rows) {
  std::vector<std::int64_t> entries;
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    for (std::int64_t d = 0; d < rows.dim(); ++d) entries.push_back(entry_of(rows, row, d));
  }
  return entries;
}

/// Sums of so many entries as are summed exactly, quartered and rounded down.
std::int64_t product_of(const std::int64_t* a, const std::int64_t* b, std::int64_t dim) {
  std::int64_t sum = 0;
  for (std::int64_t d = 0; d < dim; d += 128) {
    const std::int64_t some = std::min<std::int64_t>(128, dim - d);
    sum += std::inner_product(a + d, a + d + some, b + d, std::int64_t{0}) >> 2;
  }
  return sum;
}

class MultiplyIntegersTest : public KernelTest {};

TEST_P(MultiplyIntegersTest, EveryProductIsTheSumOfQuartersAndNothingElseIsWritten) {
  for (const std::int64_t dim : {1, 2, 3, 64, 511, 1024, 1025, 2101}) {
    for (const auto& [n, m] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {7, 9}, {8, 48}, {49, 15}, {13, 210}}) {
      const auto a = integers_of(drawn_rows(n, dim, 1), n, dim, GetParam());
      const auto b = integers_of(drawn_rows(m, dim, 2), m, dim, GetParam());
      const std::int64_t stride = m + 3;
      const auto entries = entries_of(a), others = entries_of(b);
      std::vector<std::int32_t> out(static_cast<std::size_t>((n + 1) * stride), kUntouchedInteger);
      multiply(a, {0, n}, b, {0, m}, out.data(), stride);
      for (std::int64_t i = 0; i <= n; ++i) {
        for (std::int64_t j = 0; j < stride; ++j) {
          std::int64_t sum = kUntouchedInteger;
          if (i < n && j < m) {
            sum = product_of(&entries[i * dim], &others[j * dim], dim);
          }
          ASSERT_EQ(out[i * stride + j], sum) << dim << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST_P(MultiplyIntegersTest, WhatAProductIsOffByIsWithinTheErrorsOfItsRows) {
  constexpr std::int64_t kDim = 300, kSize = 40;
  auto rows = drawn_rows(kSize, kDim, 3);
  for (std::int64_t d = 0; d < kDim; ++d) {
    rows[d] = d == 7 ? -2.0f : 0.0f;             // one entry
    rows[kDim + d] = 1.0f;                       // all alike
    rows[2 * kDim + d] = d == 0 ? 1.0f : 1e-5f;  // entries that vanish beside another
    rows[3 * kDim + d] *= 1e10f;
    rows[4 * kDim + d] *= 1e-10f;
  }
  const auto integers = integers_of(rows, kSize, kDim, GetParam());
  std::vector<std::int32_t> products(kSize * kSize);
  multiply(integers, {0, kSize}, integers, {0, kSize}, products.data(), kSize);
  std::vector<double> norms;
  for (std::int64_t i = 0; i < kSize; ++i) {
    double square = 0.0;
    for (std::int64_t d = 0; d < kDim; ++d) square += static_cast<double>(rows[i * kDim + d]) * rows[i * kDim + d];
    norms.push_back(std::sqrt(square));
  }
  const auto errors = integers.errors(), steps = integers.steps();
  const auto of_products = integers.product_errors();
  for (std::int64_t i = 0; i < kSize; ++i) {
    EXPECT_GT(errors[i], 0.0f);
    EXPECT_LT(errors[i], 1e-3 * norms[i]);
    for (std::int64_t j = 0; j < kSize; ++j) {
      double product = 0.0;
      for (std::int64_t d = 0; d < kDim; ++d) product += static_cast<double>(rows[i * kDim + d]) * rows[j * kDim + d];
      const double found = static_cast<double>(products[i * kSize + j]) * steps[i] * steps[j];
      const double allowed = errors[i] * norms[j] + (norms[i] + errors[i]) * errors[j];
      EXPECT_LE(std::abs(found - product), allowed) << i << ", " << j;
      EXPECT_LE(allowed, of_products[i]) << i << ", " << j;
    }
  }
}

/// Rows whose products are as large as their norms allow: of entries that are all alike, in all places or in those that
/// are summed at a time, and of any sign.
std::vector<float> largest_rows(std::int64_t size, std::int64_t dim) {
  auto rows = drawn_rows(size, dim, 6);
  for (std::int64_t row = 0; row < size; ++row) {
    for (std::int64_t d = 0; d < dim; ++d) {
      float& value = rows[row * dim + d];
      const float alike = row % 2 == 0 ? 1.0f : -1.0f;
      if (row < 2) value = alike;
      if (row == 2 || row == 3) value = d < 128 ? alike : 0.0f;
      if (row == 4 || row == 5) value = d < 128 ? alike : 1e-2f;
      if (row == 6 || row == 7) value = d % 2 == 0 ? alike : -alike;
      if (row == 8 || row == 9) value = d == dim - 1 ? alike * 1e3f : 0.5f;
      if (row == 10 || row == 11) value = std::copysign(1.0f, value);
    }
  }
  return rows;
}

TEST_P(MultiplyIntegersTest, SumsOfTheLongestRowsFitTheirIntegers) {
  constexpr std::int64_t kSize = 14;
  for (const std::int64_t dim : {127, 128, 129, 255, 2048, 4096, 16384}) {
    const auto rows = largest_rows(kSize, dim);
    const auto integers = integers_of(rows, kSize, dim, GetParam());
    std::vector<std::int32_t> products(kSize * kSize);
    multiply(integers, {0, kSize}, integers, {0, kSize}, products.data(), kSize);
    const auto allowed = integers.product_errors();
    for (std::int64_t i = 0; i < kSize; ++i) {
      for (std::int64_t j = 0; j < kSize; ++j) {
        const double product =
            std::inner_product(&rows[i * dim], &rows[i * dim] + dim, &rows[j * dim], 0.0, std::plus<>(),
                               [](float a, float b) { return static_cast<double>(a) * b; });
        const double found = static_cast<double>(products[i * kSize + j]) * integers.steps()[i] * integers.steps()[j];
        ASSERT_LE(std::abs(found - product), allowed[i]) << dim << ": " << i << ", " << j;
      }
    }
  }
}

TEST_P(MultiplyIntegersTest, RowsWithoutANormAreZerosThatMayBeAnything) {
  constexpr std::int64_t kDim = 5;
  std::vector<float> rows(6 * kDim, 0.0f);
  rows[kDim] = std::numeric_limits<float>::infinity();
  rows[2 * kDim + 1] = std::numeric_limits<float>::quiet_NaN();
  rows[3 * kDim + 2] = 1e30f;
  rows[4 * kDim + 3] = 1e-30f;
  rows[5 * kDim + 4] = 1.0f;
  const auto integers = integers_of(rows, 6, kDim, GetParam());
  for (std::int64_t row = 0; row < 5; ++row) {
    EXPECT_EQ(integers.steps()[row], 0.0f);
    for (std::int64_t d = 0; d < kDim; ++d) EXPECT_EQ(entry_of(integers, row, d), 0);
  }
  for (const std::int64_t row : {1, 2, 3}) EXPECT_TRUE(std::isinf(integers.errors()[row]));
  for (const float error : integers.product_errors()) EXPECT_FALSE(std::isfinite(error));
  for (const std::int64_t row : {0, 4}) EXPECT_LT(integers.errors()[row], 1e-14f);
  EXPECT_EQ(entry_of(integers, 5, 4), 32767);
  const std::int64_t too_many = kMostIntegerEntries + 1;
  const auto wide = integers_of(drawn_rows(1, too_many, 5), 1, too_many, GetParam());
  EXPECT_TRUE(std::isinf(wide.errors()[0]));
  EXPECT_EQ(entry_of(wide, 0, 17), 0);
}

TEST_P(MultiplyIntegersTest, ChosenRowsAndRowsPackedInPartsAreThoseOfTheSet) {
  constexpr std::int64_t kSize = 100, kDim = 1500;
  const auto rows = drawn_rows(kSize, kDim, 4);
  const auto whole = integers_of(rows, kSize, kDim, GetParam());
  IntegerRows parts(kSize, kDim, GetParam());
  parts.pack(rows.data() + 48 * kDim, 48, 52);
  parts.pack(rows.data(), 0, 48);
  const std::vector<std::int64_t> ids{99, 0, 7, 7, 50};
  const auto chosen = IntegerRows::chosen(whole, ids);
  EXPECT_EQ(entries_of(parts), entries_of(whole));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::int64_t d = 0; d < kDim; ++d) {
      ASSERT_EQ(entry_of(chosen, static_cast<std::int64_t>(i), d), entry_of(whole, ids[i], d));
    }
  }
  EXPECT_EQ(chosen.errors()[2], whole.errors()[7]);
  EXPECT_EQ(chosen.steps()[4], whole.steps()[50]);
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, MultiplyIntegersTest, every_registers(), name_of_registers);

}  // namespace
}  // namespace oodml::products
