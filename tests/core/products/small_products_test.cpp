#include "core/products/small_products.h"

#include <cmath>
#include <random>
#include <vector>

#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

constexpr float kUntouched = 12345.0f;

/// A matrix row by row, or column by column.
struct Lying {
  std::vector<float> values;
  MatrixView view;
};

Lying drawn(std::int64_t rows, std::int64_t columns, bool by_columns, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> entry(-1.0f, 1.0f);
  Lying matrix{std::vector<float>(static_cast<std::size_t>(rows * columns)), {}};
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t k = 0; k < columns; ++k)
      matrix.values[by_columns ? k * rows + i : i * columns + k] = entry(engine);
  }
  matrix.view = {matrix.values.data(), rows, columns, by_columns ? 1 : columns, by_columns ? rows : 1};
  return matrix;
}

double entry_of(const MatrixView& of, std::int64_t i, std::int64_t k) {
  return of.values[i * of.row_step + k * of.column_step];
}

double product_of(const MatrixView& a, const MatrixView& b, std::int64_t i, std::int64_t j) {
  double sum = 0.0;
  for (std::int64_t k = 0; k < a.columns; ++k) sum += entry_of(a, i, k) * entry_of(b, k, j);
  return sum;
}

struct Sizes {
  std::int64_t rows, columns, depth;
};

const std::vector<Sizes> kSizes = {{1, 1, 1}, {4, 24, 128}, {7, 9, 3}, {9, 33, 130}, {16, 96, 257}, {113, 101, 20}};

class SmallProductsTest : public KernelTest {};

TEST_P(SmallProductsTest, EveryProductIsTheSumOfItsEntriesHoweverTheMatricesLie) {
  for (const Sizes& of : kSizes) {
    for (const int lying : {0, 1, 2, 3}) {
      const Lying a = drawn(of.rows, of.depth, lying % 2 == 1, 1), b = drawn(of.depth, of.columns, lying / 2 == 1, 2);
      std::vector<float> found(static_cast<std::size_t>(of.rows * of.columns + 1), kUntouched);
      multiply_small(a.view, b.view, found.data(), Half::kBoth, GetParam());
      for (std::int64_t i = 0; i < of.rows; ++i) {
        for (std::int64_t j = 0; j < of.columns; ++j)
          ASSERT_NEAR(found[i * of.columns + j], product_of(a.view, b.view, i, j),
                      1e-6 * static_cast<double>(of.depth));
      }
      EXPECT_EQ(found.back(), kUntouched);
    }
  }
}

TEST_P(SmallProductsTest, TheUpperHalfIsThatOfTheWhole) {
  const Lying rows = drawn(113, 70, /*by_columns=*/false, 3);
  const MatrixView columns{rows.view.values, 70, 113, 1, 70};
  std::vector<float> whole(113 * 113), half(113 * 113);
  multiply_small(rows.view, columns, whole.data(), Half::kBoth, GetParam());
  multiply_small(rows.view, columns, half.data(), Half::kUpper, GetParam());
  for (std::int64_t i = 0; i < 113; ++i) {
    for (std::int64_t j = i; j < 113; ++j) ASSERT_EQ(half[i * 113 + j], whole[i * 113 + j]);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKernel, SmallProductsTest, every_registers(), name_of_registers);

TEST(SmallProductsOfASetTest, AreThoseOfItWithItselfOnBothSides) {
  const Lying rows = drawn(51, 33, /*by_columns=*/false, 4);
  std::vector<float> found(51 * 51);
  multiply_with_itself(rows.view, found.data());
  const MatrixView columns{rows.view.values, 33, 51, 1, 33};
  for (std::int64_t i = 0; i < 51; ++i) {
    for (std::int64_t j = 0; j < 51; ++j) {
      ASSERT_NEAR(found[i * 51 + j], product_of(rows.view, columns, i, j), 1e-5);
      ASSERT_EQ(found[i * 51 + j], found[j * 51 + i]);
    }
  }
}

}  // namespace
}  // namespace oodml::products
