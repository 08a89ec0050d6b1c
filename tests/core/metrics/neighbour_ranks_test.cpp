#include "core/metrics/neighbour_ranks.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace oodml::metrics {
namespace {

using Ranks = std::vector<std::vector<std::int64_t>>;
using Visitor = Status (*)(const LabelledSet&, const NeighbourOptions&, const VisitRanks&);

Ranks ranks_of(Visitor visit, const LabelledSet& set, const NeighbourOptions& options) {
  Ranks ranks(set.size());
  const Status status = visit(set, options, [&](std::int64_t row, Space space, const QueryRanks& query) {
    EXPECT_EQ(space, options.cosine ? Space::kCosine : Space::kEuclidean);
    ranks[row].assign(query.ranks.begin(), query.ranks.end());
    EXPECT_EQ(query.class_size, set.class_size_of_row(row));
    EXPECT_EQ(query.relevant, query.class_size - 1);
    EXPECT_EQ(query.rows, set.size());
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

/// keys[i * n + j] of every pair, smaller is nearer.
std::vector<double> squared_distances(const LabelledSet& set) {
  const auto x = set.embeddings().to(at::kDouble);
  const auto distances = (x.unsqueeze(1) - x.unsqueeze(0)).square().sum(2).contiguous();
  return {distances.const_data_ptr<double>(), distances.const_data_ptr<double>() + distances.numel()};
}

/// The definition, word by word.
Ranks by_definition(const LabelledSet& set, const std::vector<double>& keys, bool exclude_self_by_index) {
  const auto n = set.size();
  Ranks ranks(n);
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<std::int64_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[i * n + a] < keys[i * n + b]; });
    order.erase(exclude_self_by_index ? std::find(order.begin(), order.end(), i) : order.begin());
    for (std::size_t r = 0; r < order.size(); ++r) {
      if (set.classes()[order[r]] == set.classes()[i]) ranks[i].push_back(static_cast<std::int64_t>(r) + 1);
    }
  }
  return ranks;
}

Ranks first_of_each(Ranks all) {
  for (auto& ranks : all) {
    if (ranks.size() > 1) ranks.erase(ranks.begin() + 1, ranks.end());
  }
  return all;
}

struct Shape {
  std::int64_t n, dim, classes;
};
// The last but one has classes large enough for the sorting path, the last one class only.
const std::vector<Shape> kShapes = {{2, 1, 1}, {30, 2, 4}, {60, 3, 60}, {500, 4, 9}, {600, 3, 2}, {400, 5, 1}};

TEST(NeighbourRanksTest, FollowTheDefinitionWithTiesSingletonsAndLargeClasses) {
  for (const Shape& shape : kShapes) {
    for (const bool by_index : {false, true}) {
      SCOPED_TRACE(std::to_string(shape.n) + " rows, by index " + std::to_string(by_index));
      const LabelledSet set = integer_set(shape.n, shape.dim, shape.classes, 7 + shape.n);
      const Ranks want = by_definition(set, squared_distances(set), by_index);
      NeighbourOptions options{.euclidean = RankDepth::kAll, .exclude_self_by_index = by_index};
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), want);
      EXPECT_EQ(ranks_of(visit_same_class_ranks_on_device, set, options), want);

      options.euclidean = RankDepth::kFirst;
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), first_of_each(want));
      EXPECT_EQ(ranks_of(visit_same_class_ranks_on_device, set, options), first_of_each(want));
    }
  }
}

/// Rows of four entries +-1 have the norm 2 (zero rows 0), so that cosines are exact and tie often.
LabelledSet sign_set(std::int64_t n, std::int64_t classes, float scale) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(3 + n);
  auto rows = at::randint(0, 2, {n, 4}, generator, at::TensorOptions(at::kFloat)) * 2 - 1;
  rows.select(0, n / 2).zero_();
  const auto labels = at::randint(classes, {n}, generator, at::TensorOptions(at::kLong));
  return LabelledSet::make(rows * scale, labels).value();
}

TEST(NeighbourRanksTest, CosinesOrderByInnerProductWhateverTheNorms) {
  for (const Shape& shape : {Shape{2, 4, 1}, {40, 4, 5}, {500, 4, 2}}) {
    for (const float scale : {1.0f, 0x1p-40f, 0x1p40f}) {  // the extremes go through normalised rows
      SCOPED_TRACE(std::to_string(shape.n) + " rows, scale " + std::to_string(scale));
      const LabelledSet set = sign_set(shape.n, shape.classes, scale);
      EXPECT_EQ(set.has_moderate_norms(), scale == 1.0f);
      const auto x = set.embeddings().to(at::kDouble) / static_cast<double>(scale);
      const auto keys = x.mm(x.t()).neg().contiguous();
      const std::vector<double> by_pair(keys.const_data_ptr<double>(), keys.const_data_ptr<double>() + keys.numel());
      const Ranks want = by_definition(set, by_pair, true);
      NeighbourOptions options{.cosine = RankDepth::kAll, .exclude_self_by_index = true};
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), want);
      EXPECT_EQ(ranks_of(visit_same_class_ranks_on_device, set, options), want);
      options.cosine = RankDepth::kFirst;
      EXPECT_EQ(ranks_of(visit_same_class_ranks, set, options), first_of_each(want));
    }
  }
}

TEST(NeighbourRanksTest, AGalleryIsSearchedWholeAndLabelsMeetAcrossSets) {
  const auto rows = [](std::vector<float> values) { return at::tensor(values).unsqueeze(1); };
  const auto labels = [](std::vector<std::int64_t> values) { return at::tensor(values, at::kLong); };
  const auto gallery = LabelledSet::make(rows({0, 1, 2, 3}), labels({50, 7, 50, 9}), 1).value();
  const auto queries = LabelledSet::make(rows({0, 3, 1}), labels({50, 7, 8}), 1).value();
  Ranks ranks(3);
  std::vector<std::int64_t> relevant(3);
  const Status status = visit_gallery_ranks(queries, gallery, {.euclidean = RankDepth::kAll},
                                            [&](std::int64_t query, Space, const QueryRanks& found) {
                                              ranks[query].assign(found.ranks.begin(), found.ranks.end());
                                              relevant[query] = found.relevant;
                                              EXPECT_EQ(found.class_size, found.relevant);
                                              EXPECT_EQ(found.rows, 4);
                                            });
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(ranks, (Ranks{{1, 3}, {3}, {}}));
  EXPECT_EQ(relevant, (std::vector<std::int64_t>{2, 1, 0}));
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
  EXPECT_EQ(set->embeddings().scalar_type(), at::kDouble);
  EXPECT_EQ(set->in_single_precision()->embeddings().scalar_type(), at::kFloat);
}

}  // namespace
}  // namespace oodml::metrics
