// Facts about sets drawn at random beside a plain float64 computation of the definitions.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/metrics/dists.h"
#include "core/metrics/singular_values.h"
#include "tests/core/metrics/random_sets.h"

namespace oodml::metrics {
namespace {

/// Distances inside and between classes, pair by pair.
std::pair<double, double> plain_distances(const testing::RowsOfDoubles& rows, const LabelledSet& set) {
  const auto mean_over_pairs = [](const testing::RowsOfDoubles& units) {
    double sum = 0.0;
    for (const auto& a : units) {
      for (const auto& b : units)
        sum += testing::has_no_direction(a) || testing::has_no_direction(b) ? 1.0 : testing::plain_square(a, b) / 2.0;
    }
    const auto n = static_cast<double>(units.size());
    return sum / (n * n - n);
  };
  double inside = 0.0, largest = 0.0, lone = 0.0;
  testing::RowsOfDoubles means;
  for (std::int64_t c = 0; c < set.n_classes(); ++c) {
    testing::RowsOfDoubles members;
    std::vector<double> sum(rows[0].size(), 0.0);
    for (const std::int64_t row : set.members(c)) {
      members.push_back(rows[row]);
      for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += rows[row][d];
    }
    means.push_back(sum);
    if (members.size() < 2) {
      lone += 1.0;
      continue;
    }
    const double distance = mean_over_pairs(testing::of_unit_length(members));
    inside += distance;
    largest = std::max(largest, distance);
  }
  inside = (inside + lone * largest) / static_cast<double>(set.n_classes());
  return {inside, set.n_classes() < 2 ? 0.0 : mean_over_pairs(testing::of_unit_length(means))};
}

TEST(RandomFactsTest, AreThoseOfFloat64) {
  testing::for_random_sets(6, [](testing::Draws& draw) {
    const testing::RandomSet set = testing::drawn_set(draw);
    SCOPED_TRACE(set.kind);
    const auto labelled = LabelledSet::make(set.rows, set.labels);
    if (!labelled) return;
    ClassDistances distances(*labelled);
    for (std::int64_t c = 0; c < labelled->n_classes(); ++c) distances.find(c);
    const auto [inside, between] = plain_distances(testing::as_rows(set.rows), *labelled);
    EXPECT_NEAR(distances.mean_inside(), inside, 1e-9 * inside + 1e-14);
    EXPECT_NEAR(distances.mean_between(), between, 1e-9 * between + 1e-13);
    const auto x = set.rows.to(at::kDouble);
    const double largest = x.abs().max().item<double>(), unit = largest > 0.0 ? largest : 1.0;
    const auto wanted = testing::as_rows(std::get<1>(at::linalg_svd(x / unit)).unsqueeze(0))[0];
    const auto found = singular_values(set.rows);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(found[i] / unit, wanted[i], 1e-9 * wanted[i] + 1e-13 * wanted[0]) << i;
    }
  });
}

}  // namespace
}  // namespace oodml::metrics
