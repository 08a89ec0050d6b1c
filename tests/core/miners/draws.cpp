#include "tests/core/miners/draws.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::testing {

void count_draws(torch::Tensor& counts, const torch::Tensor& rows, const torch::Tensor& columns,
                 const torch::Tensor& valid) {
  counts.index_put_({rows.masked_select(valid), columns.masked_select(valid)},
                    at::ones({valid.sum().item<std::int64_t>()}, at::kDouble), /*accumulate=*/true);
}

void expect_drawn_as(const torch::Tensor& counts, const torch::Tensor& weights) {
  const auto totals = weights.to(at::kDouble).sum(1, true);
  const auto expected = counts.sum(1, true) * at::where(totals.gt(0), weights / totals, 0.0);
  EXPECT_EQ(counts.masked_select(expected.eq(0)).sum().item<double>(), 0.0);
  const auto used = expected.gt(5);
  const double statistic = ((counts - expected).square() / expected).masked_select(used).sum().item<double>();
  const double freedom = used.sum().item<double>() - used.any(1).sum().item<double>();
  EXPECT_NEAR(statistic, freedom, 5 * std::sqrt(2 * freedom)) << counts << expected;
}

}  // namespace oodml::testing
