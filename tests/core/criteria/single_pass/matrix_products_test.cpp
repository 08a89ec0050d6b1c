#include "core/criteria/single_pass/matrix_products.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/core/criteria/check_vectors.h"

namespace oodml::criteria {
namespace {

Vectors rows_of(const torch::Tensor& matrix) {
  return {matrix.const_data_ptr<float>(), matrix.size(0), matrix.size(1)};
}
Vectors columns_of(const torch::Tensor& matrix) {
  return {matrix.const_data_ptr<float>(), matrix.size(1), matrix.size(0), /*are_columns=*/true};
}

void expect_product(const Vectors& a, const Vectors& b, const torch::Tensor& wanted) {
  const auto found = at::empty(wanted.sizes(), at::kFloat);
  multiply_vectors(a, b, found.mutable_data_ptr<float>());
  EXPECT_LT((found - wanted).abs().max().item<double>(), 1e-5);
}

TEST(MatrixProductsTest, AreThoseOfDoublePrecisionWhicheverWayASideLies) {
  for (const auto& [n, m, dim] : {std::array<std::int64_t, 3>{1, 1, 1}, {5, 16, 7}, {112, 100, 513}, {49, 33, 64}}) {
    const auto a = testing::random_unit_rows(n, dim, 1), b = testing::random_unit_rows(m, dim, 2);
    const auto across_a = a.t().contiguous(), across_b = b.t().contiguous();
    const auto wanted = a.to(at::kDouble).mm(b.to(at::kDouble).t());
    expect_product(rows_of(a), rows_of(b), wanted);
    expect_product(rows_of(a), columns_of(across_b), wanted);
    expect_product(columns_of(across_a), rows_of(b), wanted);
    expect_product(columns_of(across_a), columns_of(across_b), wanted);
  }
}

TEST(MatrixProductsTest, OfAMatrixWithItselfAreSymmetricAndThoseOfTwo) {
  for (const std::int64_t n : {1, 15, 16, 17, 50, 112}) {
    const auto a = testing::random_unit_rows(n, 130, 1);
    const auto found = at::empty({n, n}, at::kFloat), wanted = at::empty({n, n}, at::kFloat);
    multiply_with_itself(rows_of(a), found.mutable_data_ptr<float>());
    multiply_vectors(rows_of(a), rows_of(a), wanted.mutable_data_ptr<float>());
    EXPECT_TRUE(found.equal(wanted)) << n;
  }
}

}  // namespace
}  // namespace oodml::criteria
