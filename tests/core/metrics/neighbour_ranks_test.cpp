#include "core/metrics/neighbour_ranks.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace oodml::metrics {
namespace {

using Ranks = std::vector<std::vector<std::int64_t>>;
using Visitor = Status (*)(const LabelledSet&, const NeighbourOptions&,
                           const std::function<void(std::int64_t, const QueryRanks&)>&);

Ranks ranks_of(Visitor visit, const LabelledSet& set, const NeighbourOptions& options) {
  Ranks ranks(set.size());
  const Status status = visit(set, options, [&](std::int64_t row, const QueryRanks& query) {
    ranks[row].assign(query.ranks.begin(), query.ranks.end());
    EXPECT_EQ(query.class_size, set.class_size_of_row(row));
  });
  EXPECT_TRUE(status.ok()) << status.text();
  return ranks;
}

/// Small integers: squared distances are exact in single precision and tie often.
LabelledSet integer_set(std::int64_t n, std::int64_t dim, std::int64_t classes, std::uint64_t seed) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  const auto rows = at::randint(-3, 4, {n, dim}, generator, at::TensorOptions(at::kFloat));
  const auto labels = at::randint(classes, {n}, generator, at::TensorOptions(at::kLong));
  return LabelledSet::make(rows, labels).value();
}

/// The definition, word by word.
Ranks by_definition(const LabelledSet& set, bool exclude_self_by_index) {
  const auto n = set.size(), dim = set.embeddings().size(1);
  const float* const x = set.embeddings().const_data_ptr<float>();
  Ranks ranks(n);
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<double> distances(n, 0.0);
    for (std::int64_t j = 0; j < n; ++j) {
      for (std::int64_t d = 0; d < dim; ++d) distances[j] += std::pow(x[i * dim + d] - x[j * dim + d], 2);
    }
    std::vector<std::int64_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return distances[a] < distances[b]; });
    order.erase(exclude_self_by_index ? std::find(order.begin(), order.end(), i) : order.begin());
    for (std::size_t r = 0; r < order.size(); ++r) {
      if (set.classes()[order[r]] == set.classes()[i]) ranks[i].push_back(static_cast<std::int64_t>(r) + 1);
    }
  }
  return ranks;
}

TEST(NeighbourRanksTest, FollowTheDefinitionWithTiesSingletonsAndLargeClasses) {
  struct Shape {
    std::int64_t n, dim, classes;
  };
  // The last but one has classes large enough for the sorting path, the last one class only.
  for (const Shape& shape : {Shape{2, 1, 1}, {30, 2, 4}, {60, 3, 60}, {500, 4, 9}, {600, 3, 2}, {400, 5, 1}}) {
    for (const bool by_index : {false, true}) {
      SCOPED_TRACE(std::to_string(shape.n) + " rows, by index " + std::to_string(by_index));
      const LabelledSet set = integer_set(shape.n, shape.dim, shape.classes, 7 + shape.n);
      const Ranks want = by_definition(set, by_index);
      NeighbourOptions options{.exclude_self_by_index = by_index};
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), want);
      EXPECT_EQ(ranks_of(visit_same_class_ranks_on_device, set, options), want);

      options.depth = RankDepth::kFirst;
      Ranks first = want;
      for (auto& ranks : first) ranks.resize(std::min<std::size_t>(ranks.size(), 1));
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), first);
      EXPECT_EQ(ranks_of(visit_same_class_ranks_on_device, set, options), first);
    }
  }
}

TEST(LabelledSetTest, NumbersClassesDenselyAndListsTheirRows) {
  const auto set =
      LabelledSet::make(at::ones({5, 2}, at::kDouble), at::tensor(std::vector<std::int64_t>{90, 7, 90, 7, 1000000007}));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->n_classes(), 3);
  EXPECT_EQ(set->classes(), (std::vector<std::int64_t>{1, 0, 1, 0, 2}));
  EXPECT_EQ(std::vector<std::int64_t>(set->members(1).begin(), set->members(1).end()),
            (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(set->class_size_of_row(4), 1);
  EXPECT_EQ(set->embeddings().scalar_type(), at::kFloat);
}

}  // namespace
}  // namespace oodml::metrics
