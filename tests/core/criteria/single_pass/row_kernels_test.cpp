#include "core/criteria/single_pass/row_kernels.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace oodml::criteria {
namespace {

class RowKernelsTest : public ::testing::TestWithParam<products::Registers> {
 protected:
  const RowKernels& kernels_ = row_kernels(GetParam());
};

TEST_P(RowKernelsTest, ExponentialsAddUpAsInDoublePrecision) {
  for (const std::int64_t n : {1, 3, 8, 16, 31, 112, 200}) {
    std::vector<float> z(n), out(n);
    const auto mask = std::make_unique<bool[]>(n);
    double sum = 1.0;
    for (std::int64_t j = 0; j < n; ++j) {
      z[j] = 30.0f * std::sin(static_cast<float>(j));
      mask[j] = j % 3 != 1;
      if (mask[j]) sum += std::exp(static_cast<double>(z[j]));
    }
    const auto found = kernels_.exponentials(z.data(), mask.get(), n, /*plus_one=*/true, out.data());
    EXPECT_NEAR(found.log, std::log(sum), 2e-6 * std::log(sum) + 1e-6);
    for (std::int64_t j = 0; j < n; ++j) {
      const double share = mask[j] ? std::exp(static_cast<double>(z[j])) / sum : 0.0;
      EXPECT_NEAR(out[j] * found.share, share, 1e-5 * share + 1e-30) << j;  // z - m is rounded to some 4e-6
    }
  }
}

TEST_P(RowKernelsTest, AnEmptySumIsZeroAndLargeTermsDoNotOverflow) {
  std::array<float, 5> z{1000.0f, 999.0f, -1000.0f, 1.0f, kNoTerm}, out;
  const std::array<bool, 5> none{};
  EXPECT_EQ(kernels_.exponentials(z.data(), none.data(), 5, /*plus_one=*/false, out.data()).log, 0.0f);
  EXPECT_EQ(out, (std::array<float, 5>{}));
  EXPECT_NEAR(kernels_.exponentials(z.data(), nullptr, 5, /*plus_one=*/true, out.data()).log, 1000.3133f, 1e-3);
}

TEST_P(RowKernelsTest, TakesPairsBeyondTheBoundsOnly) {
  const std::vector<float> s{kNoTerm, 0.9f, 0.2f, 0.5f, 0.1f, 0.3f}, classes{4, 4, 4, 1, 2, 1};
  const Bounds bounds = kernels_.bounds(s.data(), classes.data(), 4, 6);
  EXPECT_EQ(bounds.lowest_same, 0.2f);
  EXPECT_EQ(bounds.highest_other, 0.5f);
  std::vector<float> same(6), other(6);
  const Taken taken = kernels_.take(s.data(), classes.data(), 4, bounds, 0.05f, Line{2.0f, 1.0f}, Line{1.0f, 0.0f}, 6,
                                    same.data(), other.data());
  EXPECT_EQ(taken.same, 1);
  EXPECT_EQ(taken.other, 2);
  EXPECT_EQ(same, (std::vector<float>{kNoTerm, kNoTerm, 2.0f * 0.2f + 1.0f, kNoTerm, kNoTerm, kNoTerm}));
  EXPECT_EQ(other, (std::vector<float>{kNoTerm, kNoTerm, kNoTerm, 0.5f, kNoTerm, 0.3f}));
}

TEST_P(RowKernelsTest, NothingBeyondARowIsWritten) {
  for (std::int64_t n = 0; n < 40; ++n) {
    std::vector<float> to(n + 1, 7.0f);
    const std::vector<float> from(n, 2.0f), weights(n, 3.0f);
    EXPECT_EQ(kernels_.add_scaled(to.data(), from.data(), 0.5f, n), 2.0f * static_cast<float>(n));
    kernels_.add_weighted(to.data(), from.data(), weights.data(), 1.0f, n);
    for (std::int64_t j = 0; j < n; ++j) EXPECT_EQ(to[j], 14.0f);
    kernels_.line(from.data(), nullptr, 2.0f, 1.0f, n, to.data());
    for (std::int64_t j = 0; j < n; ++j) EXPECT_EQ(to[j], 5.0f);
    EXPECT_EQ(to[n], 7.0f);
    EXPECT_EQ(kernels_.dot(from.data(), weights.data(), n), 6.0f * static_cast<float>(n));
  }
}

INSTANTIATE_TEST_SUITE_P(Everywhere, RowKernelsTest,
                         ::testing::Values(products::Registers::kPlain, products::Registers::kAvx2,
                                           products::Registers::kAvx512));

}  // namespace
}  // namespace oodml::criteria
