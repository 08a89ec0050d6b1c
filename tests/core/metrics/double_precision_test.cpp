// Figures of hard sets beside a plain float64 computation of the definitions.

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/metrics/double_kmeans.h"
#include "core/metrics/evaluation.h"
#include "core/metrics/faiss_draws.h"
#include "core/metrics/neighbour_ranks.h"
#include "core/metrics/nmi.h"
#include "tests/core/metrics/plain_rows.h"

namespace oodml::metrics {
namespace {

using testing::as_rows;
using testing::has_no_direction;
using testing::of_unit_length;
using testing::plain_square;
using testing::RowsOfDoubles;
using PlainRanks = std::vector<std::vector<std::int64_t>>;

struct HardSet {
  std::string name;
  torch::Tensor rows, labels;
};

torch::Tensor drawn(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  return at::randn({n, dim}, at::make_generator<at::CPUGeneratorImpl>(seed), at::TensorOptions(at::kDouble));
}

/// Points around the centres of 30 classes.
torch::Tensor clustered(const torch::Tensor& labels, std::int64_t dim) {
  return drawn(30, dim, 3).index_select(0, labels) + 0.8 * drawn(labels.size(0), dim, 4);
}

torch::Tensor unit(const torch::Tensor& rows) { return rows / rows.norm(2, 1, true); }

std::vector<HardSet> hard_sets(at::ScalarType type) {
  constexpr std::int64_t kRows = 360, kDim = 24;
  const auto labels = at::arange(kRows, at::kLong).remainder(30);
  const auto rows = clustered(labels, kDim);
  std::vector<HardSet> sets;
  const auto add = [&](const std::string& name, const torch::Tensor& values) {
    sets.push_back({name, values.to(type), labels});
  };
  for (const double spread : {1e-2, 2e-4, 1e-6}) {
    add("collapsed to " + std::to_string(spread), unit(drawn(1, kDim, 9) + spread * rows));
  }
  for (const double offset : {1.0, 1e3, 1e5, 1e7}) add("offset " + std::to_string(offset), rows + offset);
  auto column = rows.clone();
  column.select(1, 5).mul_(1e6);
  add("one large column", column);
  auto far = rows.clone();
  far.select(0, 17).mul_(1e6);
  add("one far row", far);
  add("duplicated rows", rows.index_select(0, at::arange(kRows).div(3, "floor")));
  add("classes that are points", drawn(30, kDim, 3).index_select(0, labels));
  add("equal rows", at::ones({kRows, kDim}) * 0.3);
  add("tiny", rows * 1e-30);
  add("denormal", rows * 1e-41);
  if (type == at::kDouble) add("denormal in double precision", rows * 1e-310);
  add("large", rows * 1e15);
  auto zeros = rows.clone();
  zeros.slice(0, 40, 60).zero_();
  add("rows of zeros", zeros);
  add("on a line", rows.select(1, 0).unsqueeze(1).expand({kRows, kDim}));
  add("codes", rows.sign());
  return sets;
}

/// Cosines close to 1 lose their digits; of unit rows the distance has them. Rows of zeros are at a right angle to all.
double distance_in(Space space, const std::vector<double>& a, const std::vector<double>& b) {
  if (space == Space::kEuclidean) return plain_square(a, b);
  if (has_no_direction(a)) return 0.0;
  return has_no_direction(b) ? 2.0 : plain_square(a, b);
}

/// Whether the order of two rows of a query is without doubt at float64's own rounding. Of given values exact ties are
/// no doubt; normalising rounds them.
bool is_certain(double a, double b, Space space = Space::kEuclidean) {
  if (space == Space::kEuclidean && a == b) return true;
  const double of_unit_rows = space == Space::kCosine ? 2e-15 * (std::sqrt(a) + std::sqrt(b)) : 0.0;
  return std::abs(a - b) > 1e-12 * (a + b) + of_unit_rows;
}

/// PlainRanks by the definition; a query whose order float64 itself leaves open stays empty.
PlainRanks plain_ranks(const HardSet& set, Space space) {
  const RowsOfDoubles given = as_rows(set.rows), rows = space == Space::kCosine ? of_unit_length(given) : given;
  const auto n = static_cast<std::int64_t>(rows.size());
  const auto* const labels = set.labels.const_data_ptr<std::int64_t>();
  PlainRanks ranks(rows.size());
  for (std::int64_t i = 0; i < n; ++i) {
    std::vector<double> distances;
    for (std::int64_t j = 0; j < n; ++j) distances.push_back(distance_in(space, rows[i], rows[j]));
    std::vector<std::int64_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return distances[a] < distances[b]; });
    std::erase(order, i);
    bool certain = true;
    for (std::size_t r = 0; r < order.size(); ++r) {
      const bool member = labels[order[r]] == labels[i];
      if (member) ranks[i].push_back(static_cast<std::int64_t>(r) + 1);
      const bool boundary = r > 0 && member != (labels[order[r - 1]] == labels[i]);
      if (boundary) certain = certain && is_certain(distances[order[r - 1]], distances[order[r]], space);
    }
    if (!certain) ranks[i].clear();
  }
  return ranks;
}

void expect_ranks(const HardSet& set, Space space, const PlainRanks& want,
                  Status (*visit)(const LabelledSet&, const NeighbourOptions&, const VisitRanks&), bool both) {
  const auto labelled = LabelledSet::make(set.rows, set.labels);
  ASSERT_TRUE(labelled) << labelled.error().text();
  NeighbourOptions options{.exclude_self_by_index = true};
  if (both || space == Space::kEuclidean) options.euclidean = RankDepth::kAll;
  if (both || space == Space::kCosine) options.cosine = RankDepth::kAll;
  PlainRanks got(want.size());
  const Status status = visit(*labelled, options, [&](std::int64_t row, Space of, const QueryRanks& query) {
    if (of == space) got[row].assign(query.ranks.begin(), query.ranks.end());
  });
  ASSERT_TRUE(status.ok()) << status.text();
  std::size_t wrong = 0, compared = 0;
  for (std::size_t row = 0; row < want.size(); ++row) {
    if (want[row].empty()) continue;
    ++compared;
    wrong += got[row] == want[row] ? 0 : 1;
  }
  EXPECT_EQ(wrong, 0u) << "of " << compared;
}

TEST(DoublePrecisionTest, RanksAreThoseOfFloat64OnTheGivenValues) {
  for (const auto type : {at::kFloat, at::kDouble}) {
    std::size_t certain = 0, all = 0;
    for (const HardSet& set : hard_sets(type)) {
      for (const Space space : {Space::kEuclidean, Space::kCosine}) {
        SCOPED_TRACE(set.name + (type == at::kFloat ? ", float32" : ", float64") +
                     (space == Space::kCosine ? ", cosine" : ", Euclidean"));
        const PlainRanks want = plain_ranks(set, space);
        certain += want.size() - static_cast<std::size_t>(std::ranges::count(want, std::vector<std::int64_t>()));
        all += want.size();
        expect_ranks(set, space, want, visit_same_class_ranks, false);
        expect_ranks(set, space, want, visit_same_class_ranks, true);
      }
    }
    EXPECT_GT(certain, all * 3 / 4) << "the test compares too little";
  }
}

TEST(DoublePrecisionTest, TheDeviceSeesTheSameOrder) {
  for (const HardSet& set : hard_sets(at::kFloat)) {
    for (const std::string skipped : {"duplicated rows", "rows of zeros", "equal rows", "on a line"}) {
      if (set.name == skipped) goto next;  // their ties depend on the rounding of a product
    }
    for (const Space space : {Space::kEuclidean, Space::kCosine}) {
      SCOPED_TRACE(set.name + (space == Space::kCosine ? ", cosine" : ", Euclidean"));
      expect_ranks(set, space, plain_ranks(set, space), visit_same_class_ranks_on_device, true);
    }
  next:;
  }
}

TEST(DoublePrecisionTest, CollapsedRowsHaveTheFiguresOfTheirSpread) {
  // The same points wherever they lie and however close: their figures stay.
  const auto labels = at::arange(240, at::kLong).remainder(20);
  const auto rows = drawn(20, 16, 5).index_select(0, labels) + 0.05 * drawn(240, 16, 6);
  const std::vector<std::string> metrics = {"e_recall@1", "mAP_c", "mAP_1000", "nmi", "f1"};
  for (const double spread : {1.0, 1e-3, 1e-6}) {
    const auto values = evaluate(rows * spread + 1.0, labels, {.metrics = metrics});
    ASSERT_TRUE(values) << values.error().text();
    EXPECT_EQ((*values)[0].value, 1.0) << spread;
    EXPECT_NEAR((*values)[1].value, 11.0 / 12, 1e-12) << spread;
    EXPECT_NEAR((*values)[2].value, 11.0 / 12, 1e-12) << spread;
  }
  const auto reference = evaluate(rows, labels, {.metrics = {"nmi", "f1"}});
  const auto moved = evaluate(rows + 64.0, labels, {.metrics = {"nmi", "f1"}});  // no cluster is empty: none is split
  EXPECT_EQ((*moved)[0].value, (*reference)[0].value);
  EXPECT_EQ((*moved)[1].value, (*reference)[1].value);
}

TEST(DoublePrecisionTest, QueriesFindTheirGalleryInFloat64) {
  const auto labels = at::arange(200, at::kLong).remainder(20);
  const auto centres = drawn(20, 12, 7);
  const auto gallery = centres.index_select(0, labels) * 1e-4 + 1e3, queries = centres * 1e-4 + 1e3;
  const auto values = evaluate_query_gallery(queries, at::arange(20, at::kLong), gallery, labels,
                                             {.metrics = {"e_recall@1", "mAP", "c_recall@1"}});
  ASSERT_TRUE(values) << values.error().text();
  for (const MetricValue& value : *values) EXPECT_EQ(value.value, 1.0) << value.name;
}

/// FAISS's k-means word by word in float64.
std::vector<std::int64_t> plain_kmeans(const RowsOfDoubles& rows, std::int64_t k, bool& certain) {
  RowsOfDoubles centroids;
  for (const std::int64_t row : first_centroid_rows(static_cast<std::int64_t>(rows.size()), k, 1234)) {
    centroids.push_back(rows[row]);
  }
  std::vector<std::int64_t> labels(rows.size());
  for (int iteration = 0; iteration <= 20; ++iteration) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<std::pair<double, std::int64_t>> distances;
      for (std::int64_t c = 0; c < k; ++c) distances.emplace_back(plain_square(rows[i], centroids[c]), c);
      std::ranges::partial_sort(distances, distances.begin() + 2);
      labels[i] = distances[0].second;
      const bool tie = !is_certain(distances[0].first, distances[1].first);
      certain = certain && !(tie || distances[0].first == distances[1].first);
    }
    if (iteration == 20) break;
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(k), 0);
    RowsOfDoubles sums(static_cast<std::size_t>(k), std::vector<double>(rows[0].size(), 0.0));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ++sizes[labels[i]];
      for (std::size_t d = 0; d < rows[i].size(); ++d) sums[labels[i]][d] += rows[i][d];
    }
    for (std::int64_t c = 0; c < k; ++c) {
      certain = certain && sizes[c] > 0;  // splits have a test of their own
      for (double& value : sums[c]) value /= static_cast<double>(std::max<std::int64_t>(sizes[c], 1));
    }
    centroids = sums;
  }
  return labels;
}

TEST(DoublePrecisionTest, ClustersAreThoseOfFloat64OnTheGivenValues) {
  int compared = 0;
  for (const auto type : {at::kFloat, at::kDouble}) {
    for (const HardSet& set : hard_sets(type)) {
      bool certain = true;
      const auto want = plain_kmeans(as_rows(set.rows), 12, certain);
      const auto labelled = LabelledSet::make(set.rows, set.labels);
      const auto got = double_kmeans(*labelled, Space::kEuclidean, {.clusters = 12});
      ASSERT_TRUE(got) << set.name;
      if (!certain) continue;
      ++compared;
      EXPECT_EQ(got->assignment, want) << set.name;
    }
  }
  EXPECT_GE(compared, 16);
}

TEST(DoublePrecisionTest, ClustersThatLostTheirRowsAreSplitAsFaissDoes) {
  // Many equal rows: more clusters than places, so that some are empty in every iteration.
  const auto labels = at::arange(120, at::kLong).remainder(6);
  const auto rows = drawn(6, 5, 8).index_select(0, labels).to(at::kFloat);
  const auto set = LabelledSet::make(rows, labels).value();
  const auto own = double_kmeans(set, Space::kEuclidean, {.clusters = 9});
  const auto faiss = faiss_kmeans(rows, {.clusters = 9});
  ASSERT_TRUE(own && faiss);
  // Which of two equally near clusters has a point depends on rounding; which points are together does not.
  EXPECT_EQ(normalized_mutual_information(own->assignment, faiss->assignment), 1.0);
  EXPECT_EQ(std::set(own->assignment.begin(), own->assignment.end()).size(), 6u);
}

}  // namespace
}  // namespace oodml::metrics
