#include "core/products/gram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/core/products/every_kernel.h"

namespace oodml::products {
namespace {

constexpr double kUntouched = 12345.0;

class GramTest : public KernelTest {};

template <typename Number>
std::vector<Number> random_rows(std::int64_t n, std::int64_t dim) {
  std::mt19937 engine(3);
  std::normal_distribution<Number> entry;
  std::vector<Number> rows(static_cast<std::size_t>(n * dim));
  for (Number& value : rows) value = entry(engine);
  return rows;
}

template <typename Number>
void expect_products_of_columns(Registers registers) {
  for (const std::int64_t dim : {1, 7, 95, 96, 97, 205}) {
    for (const std::int64_t n : {1, 127, 128, 130, 300}) {
      const auto rows = random_rows<Number>(n, dim);
      std::vector<double> matrix(static_cast<std::size_t>(dim * dim), kUntouched);
      const Gram gram(dim, matrix.data(), registers);
      for (std::int64_t tile = gram.tiles(); tile-- > 0;) gram.fill(tile, rows.data(), n);
      for (std::int64_t i = 0; i < dim; ++i) {
        for (std::int64_t j = 0; j < dim; ++j) {
          if (j > i) {
            ASSERT_EQ(matrix[i * dim + j], kUntouched) << i << ", " << j;
            continue;
          }
          double sum = 0.0;
          for (std::int64_t row = 0; row < n; ++row) {
            sum += static_cast<double>(rows[row * dim + i]) * static_cast<double>(rows[row * dim + j]);
          }
          ASSERT_NEAR(matrix[i * dim + j], sum, 1e-12 * static_cast<double>(n)) << dim << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST_P(GramTest, TilesOfFloatsMakeTheLowerHalfOfTheProductsOfColumns) { expect_products_of_columns<float>(GetParam()); }
TEST_P(GramTest, TilesOfDoublesDoAsWell) { expect_products_of_columns<double>(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Registers, GramTest, every_registers(), name_of_registers);

}  // namespace
}  // namespace oodml::products
