#include "core/metrics/double_kmeans.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "core/metrics/double_centroids.h"
#include "core/metrics/faiss_draws.h"
#include "tests/core/metrics/random_sets.h"

namespace oodml::metrics {
namespace {

torch::Tensor normal(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  return at::randn({n, dim}, at::make_generator<at::CPUGeneratorImpl>(seed), at::TensorOptions(at::kDouble));
}

LabelledSet unlabelled(const torch::Tensor& rows) {
  return LabelledSet::make(rows.contiguous(), at::zeros({rows.size(0)}, at::kLong)).value();
}

/// The same in the plainest form: every row with every centroid, every mean anew, twenty times whatever happens.
class PlainKmeans {
 public:
  PlainKmeans(const LabelledSet& set, Space space, std::int64_t k) : rows_(set, space), centre_(rows_.mean()), k_(k) {}

  Clustering run(const std::vector<std::vector<double>>& initial = {}) {
    const int iterations = k_ == rows_.size() ? 0 : 20;
    const auto drawn = iterations > 0 ? first_centroid_rows(rows_.size(), k_, 1234) : std::vector<std::int64_t>();
    for (std::int64_t c = 0; c < k_; ++c) {
      centroids_.push_back(initial.empty() ? mean_of({iterations > 0 ? drawn[c] : c}) : initial[c]);
    }
    double objective = 0.0;
    for (int i = 0; i <= iterations; ++i) {
      const double sum = assign();
      if (i == iterations) break;
      objective = sum;
      move();
    }
    auto centroids = at::empty({k_, rows_.dim()}, at::kDouble);
    for (std::int64_t c = 0; c < k_; ++c) {
      for (std::int64_t d = 0; d < rows_.dim(); ++d) centroids[c][d] = centroids_[c][d] + centre_[d];
    }
    return {labels_, centroids, objective};
  }

  const std::vector<double>& centre() const { return centre_; }

 private:
  std::vector<double> mean_of(const std::vector<std::int64_t>& members) const {
    std::vector<double> sum(static_cast<std::size_t>(rows_.dim()), 0.0);
    for (const std::int64_t row : members) rows_.add_moved_to({&row, 1}, centre_, sum);
    for (double& value : sum) value /= std::max<double>(static_cast<double>(members.size()), 1.0);
    return sum;
  }

  double assign() {
    double sum = 0.0;
    labels_.assign(static_cast<std::size_t>(rows_.size()), 0);
    for (std::int64_t row = 0; row < rows_.size(); ++row) {
      double nearest = std::numeric_limits<double>::infinity();
      for (std::int64_t c = 0; c < k_; ++c) {
        const double distance = rows_.squared_distance(row, centre_, centroids_[c].data());
        if (distance < nearest) labels_[row] = c;
        nearest = std::min(nearest, distance);
      }
      sum += nearest;
    }
    return sum;
  }

  void move() {
    std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(k_));
    for (std::int64_t row = 0; row < rows_.size(); ++row) members[labels_[row]].push_back(row);
    std::vector<float> sizes;
    for (std::int64_t c = 0; c < k_; ++c) {
      centroids_[c] = mean_of(members[c]);
      sizes.push_back(static_cast<float>(members[c].size()));
    }
    SplitDraws draws;
    for (std::int64_t empty = 0; empty < k_; ++empty) {
      if (sizes[empty] != 0.0f) continue;
      std::int64_t chosen = 0;
      while (draws.next() >= static_cast<float>((sizes[chosen] - 1.0) / static_cast<float>(rows_.size() - k_))) {
        chosen = (chosen + 1) % k_;
      }
      for (std::int64_t d = 0; d < rows_.dim(); ++d) {
        const double step = (centroids_[chosen][d] + centre_[d]) * (d % 2 == 0 ? 1.0 : -1.0) / 1024.0;
        centroids_[empty][d] = centroids_[chosen][d] + step;
        centroids_[chosen][d] -= step;
      }
      sizes[empty] = sizes[chosen] / 2;
      sizes[chosen] -= sizes[empty];
    }
  }

  const SpaceRows rows_;
  const std::vector<double> centre_;
  const std::int64_t k_;
  std::vector<std::vector<double>> centroids_;
  std::vector<std::int64_t> labels_;
};

struct NamedRows {
  std::string name;
  torch::Tensor rows;
};

std::vector<NamedRows> sets_of_every_kind() {
  constexpr std::int64_t kRows = 211, kDim = 20;
  const auto noise = normal(kRows, kDim, 1);
  const auto around = normal(13, kDim, 2).index_select(0, at::arange(kRows, at::kLong).remainder(13));
  const auto clusters = around + 0.3 * noise;
  auto zeros = clusters.clone();
  zeros.slice(0, 20, 60).zero_();
  auto column = clusters.clone();
  column.select(1, 3).mul_(1e6);
  auto lone = clusters.clone();
  lone.select(0, 100).mul_(1e9);
  auto lengths = clusters.clone();
  lengths.mul_(at::logspace(-12, 12, kRows, 10.0, at::kDouble).unsqueeze(1));
  return {{"noise", noise},
          {"clusters", clusters},
          {"tight clusters", around + 1e-4 * noise},
          {"very tight clusters", around + 1e-7 * noise},
          {"collapsed", normal(1, kDim, 3) + 1e-6 * clusters},
          {"seven points", normal(7, kDim, 4).index_select(0, at::arange(kRows, at::kLong).remainder(7))},
          {"one point", normal(1, kDim, 5).expand({kRows, kDim})},
          {"offset 1e7", clusters + 1e7},
          {"zeros among them", zeros},
          {"all zeros", at::zeros({kRows, kDim}, at::kDouble)},
          {"a large column", column},
          {"a lone row", lone},
          {"rows of all lengths", lengths},
          {"1e15", clusters * 1e15},
          {"1e-15", clusters * 1e-15},
          {"one entry", noise.slice(1, 0, 1)},
          {"three entries", clusters.slice(1, 0, 3)},
          {"a lattice", (2.0 * noise.slice(1, 0, 4)).round()},
          {"1 100 entries", normal(kRows, 1100, 6)}};
}

void expect_the_same(const Clustering& found, const Clustering& plain, const std::string& what) {
  EXPECT_EQ(found.assignment, plain.assignment) << what;
  EXPECT_EQ(found.objective, plain.objective) << what;
  EXPECT_TRUE(at::equal(found.centroids, plain.centroids)) << what;
}

TEST(DoubleKmeansTest, BoundsChangeNoBitOfAnyCluster) {
  for (const auto type : {at::kFloat, at::kDouble}) {
    for (const NamedRows& set : sets_of_every_kind()) {
      const LabelledSet labelled = unlabelled(set.rows.to(type));
      for (const Space space : {Space::kEuclidean, Space::kCosine}) {
        for (const std::int64_t k : {1, 2, 12, 60, 211}) {
          const auto found = double_kmeans(labelled, space, {.clusters = k});
          ASSERT_TRUE(found) << set.name;
          expect_the_same(*found, PlainKmeans(labelled, space, k).run(),
                          set.name + ", k = " + std::to_string(k) + (type == at::kFloat ? ", float" : ", double") +
                              (space == Space::kEuclidean ? ", Euclidean" : ", cosine"));
        }
      }
    }
  }
}

TEST(RandomClustersTest, AreThoseOfThePlainForm) {
  testing::for_random_sets(6, [](testing::Draws& draw) {
    const testing::RandomSet set = testing::drawn_set(draw);
    const auto labelled = LabelledSet::make(set.rows, set.labels);
    if (!labelled) return;  // too large for squared distances
    const Space space = draw.happens(0.5) ? Space::kCosine : Space::kEuclidean;
    const std::int64_t n = labelled->size(), k = draw.one_of<std::int64_t>({1, 2, draw.integer(1, n), n});
    const auto found = double_kmeans(*labelled, space, {.clusters = k});
    ASSERT_TRUE(found);
    expect_the_same(*found, PlainKmeans(*labelled, space, k).run(), set.kind + ", k = " + std::to_string(k));
  });
}

TEST(DoubleKmeansTest, SetsOfSeveralTilesAreNoDifferent) {
  const auto rows = normal(60, 40, 7).index_select(0, at::arange(1500, at::kLong).remainder(60)) + normal(1500, 40, 8);
  const LabelledSet set = unlabelled(rows.to(at::kFloat));
  const auto plain = PlainKmeans(set, Space::kEuclidean, 300).run();
  const int threads = at::get_num_threads();
  for (const int count : {1, 2, 3}) {
    at::set_num_threads(count);
    const auto found = double_kmeans(set, Space::kEuclidean, {.clusters = 300});
    ASSERT_TRUE(found);
    expect_the_same(*found, plain, std::to_string(count) + " threads");
  }
  at::set_num_threads(threads);
}

TEST(DoubleKmeansTest, InitialCentroidsMayLieAnywhere) {
  const LabelledSet set = unlabelled(normal(90, 6, 9).to(at::kFloat));
  auto initial = normal(8, 6, 10).to(at::kFloat);
  initial.select(0, 2).fill_(3e19f);  // where norms leave single precision
  initial.select(0, 3).fill_(1e-30f);
  initial.select(0, 5).copy_(initial.select(0, 4));
  PlainKmeans plain(set, Space::kEuclidean, 8);
  std::vector<std::vector<double>> moved;
  for (std::int64_t c = 0; c < 8; ++c) {
    std::vector<double> centroid;
    for (std::int64_t d = 0; d < 6; ++d) {
      centroid.push_back(static_cast<double>(initial[c][d].item<float>()) - plain.centre()[d]);
    }
    moved.push_back(centroid);
  }
  const auto found = double_kmeans(set, Space::kEuclidean, {.clusters = 8, .initial_centroids = initial});
  ASSERT_TRUE(found);
  expect_the_same(*found, plain.run(moved), "far initial centroids");
}

TEST(DoubleKmeansTest, MayBeEndedBetweenTilesAndTellsHowFarItIs) {
  const LabelledSet set = unlabelled(normal(400, 8, 11));
  std::vector<double> shares;
  const auto note = [&](double share) {
    shares.push_back(share);
    return shares.size() < 5;
  };
  const auto ended = double_kmeans(set, Space::kEuclidean, {.clusters = 50, .go_on = note});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), StatusCode::kCancelled);
  EXPECT_EQ(shares.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_EQ(shares.front(), 0.0);
  EXPECT_LT(shares.back(), 1.0);
}

/// Centroids that move a few at a time, at random: where each row belongs is what a fresh search finds.
TEST(DoubleCentroidsTest, UpdatesFindWhatAFreshSearchFinds) {
  const LabelledSet set = unlabelled(normal(350, 12, 12).to(at::kFloat));
  const SpaceRows rows(set, Space::kEuclidean);
  DoubleCentroids kept(rows);
  auto centroids = normal(70, 12, 13);
  for (std::int64_t step = 0; step < 25; ++step) {
    ASSERT_TRUE(kept.update(centroids, {}));
    DoubleCentroids fresh(rows);
    ASSERT_TRUE(fresh.update(centroids, {}));
    EXPECT_TRUE(std::ranges::equal(kept.labels(), fresh.labels())) << step;
    EXPECT_EQ(kept.objective(), fresh.objective()) << step;
    const std::int64_t moving = step % 5 == 4 ? 70 : 1 + 3 * step;
    for (std::int64_t i = 0; i < moving; ++i) {
      centroids.select(0, (step * 31 + i * 7) % 70).add_(0.02 * static_cast<double>(step) * normal(1, 12, 100 + i)[0]);
    }
  }
}

}  // namespace
}  // namespace oodml::metrics
