#include "core/metrics/double_kmeans.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "core/metrics/double_centroids.h"
#include "core/metrics/faiss_draws.h"
#include "core/metrics/rows_by_part.h"
#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

constexpr double kSplit = 1.0 / 1024.0;  // how far the halves of a split cluster are moved apart, of each entry

/// Centroids less the centre of the rows, so that neither loses the other's digits.
class Kmeans {
 public:
  Kmeans(const LabelledSet& set, Space space, const KmeansOptions& options)
      : rows_(set, space),
        nearest_(rows_),
        options_(options),
        centre_(at::tensor(nearest_.centre(), at::kDouble)),
        centroids_(at::empty({options.clusters, rows_.dim()}, at::kDouble)),
        members_({}, options.clusters),
        is_no_mean_(static_cast<std::size_t>(options.clusters), true) {}

  Result<Clustering> run() {
    begin();
    const int iterations = options_.clusters == rows_.size() ? 0 : options_.iterations;  // each row is its own cluster
    double objective = 0.0;
    for (int i = 0; i <= iterations; ++i) {
      const auto go_on = [&](double share) {
        return !options_.go_on || options_.go_on((i + share) / (iterations + 1));
      };
      if (!nearest_.update(centroids_, go_on)) {
        return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of k-means");
      }
      if (i == iterations) break;
      const bool stands_still = nearest_.moved() == 0;  // and so it will in all iterations that are left
      if (stands_still || i + 1 == iterations) objective = nearest_.objective();
      if (stands_still) break;
      move();
    }
    const auto labels = nearest_.labels();
    return Clustering{{labels.begin(), labels.end()}, centroids_ + centre_, objective};
  }

 private:
  void begin() {
    if (options_.initial_centroids) {
      centroids_ = options_.initial_centroids->to(at::kDouble) - centre_;
      return;
    }
    const bool every_row = options_.clusters == rows_.size();
    const auto drawn =
        every_row ? std::vector<std::int64_t>() : first_centroid_rows(rows_.size(), options_.clusters, options_.seed);
    for (std::int64_t c = 0; c < options_.clusters; ++c) {
      std::vector<double> row(static_cast<std::size_t>(rows_.dim()), 0.0);
      const std::int64_t drawn_row = every_row ? c : drawn[c];
      rows_.add_moved_to({&drawn_row, 1}, nearest_.centre(), row);
      std::ranges::copy(row, centroid(c));
    }
  }

  double* centroid(std::int64_t c) { return centroids_.mutable_data_ptr<double>() + c * rows_.dim(); }

  /// To the means of their rows; clusters without rows take over half of another.
  void move() {
    RowsByPart members(nearest_.labels(), options_.clusters);
    std::vector<std::int64_t> changed;  // of the same rows the mean is the same
    for (std::int64_t c = 0; c < options_.clusters; ++c) {
      if (is_no_mean_[c] || !std::ranges::equal(members.of(c), members_.of(c))) changed.push_back(c);
    }
    members_ = std::move(members);
    at::parallel_for(0, std::ssize(changed), /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) move_to_mean(changed[i]);
    });
    is_no_mean_.assign(is_no_mean_.size(), false);
    split();
  }

  void move_to_mean(std::int64_t c) {
    std::vector<double> sum(static_cast<std::size_t>(rows_.dim()), 0.0);
    rows_.add_moved_to(members_.of(c), nearest_.centre(), sum);
    const auto count = static_cast<double>(std::max<std::size_t>(members_.of(c).size(), 1));
    std::ranges::transform(sum, centroid(c), [count](double value) { return value / count; });
  }

  void split() {
    std::vector<float> sizes;
    const std::int64_t k = options_.clusters;
    for (std::int64_t c = 0; c < k; ++c) sizes.push_back(static_cast<float>(members_.of(c).size()));
    SplitDraws draws;
    const auto spare = static_cast<float>(rows_.size() - k);
    for (std::int64_t empty = 0; empty < k; ++empty) {
      if (sizes[empty] != 0.0f) continue;
      std::int64_t chosen = 0;
      while (draws.next() >= static_cast<float>((sizes[chosen] - 1.0) / spare)) chosen = (chosen + 1) % k;
      move_apart(centroid(empty), centroid(chosen));
      is_no_mean_[empty] = is_no_mean_[chosen] = true;
      sizes[empty] = sizes[chosen] / 2;
      sizes[chosen] -= sizes[empty];
    }
  }

  /// Two copies of the chosen one, its entries (the centre included) alternately a little larger and smaller.
  void move_apart(double* empty, double* chosen) const {
    for (std::int64_t d = 0; d < rows_.dim(); ++d) {
      const double step = (chosen[d] + nearest_.centre()[d]) * (d % 2 == 0 ? kSplit : -kSplit);
      empty[d] = chosen[d] + step;
      chosen[d] -= step;
    }
  }

  const SpaceRows rows_;
  DoubleCentroids nearest_;
  const KmeansOptions& options_;
  const torch::Tensor centre_;
  torch::Tensor centroids_;
  RowsByPart members_;            // when centroids were moved last
  std::vector<bool> is_no_mean_;  // its centroid is not where the mean of these is
};

}  // namespace

Result<Clustering> double_kmeans(const LabelledSet& set, Space space, const KmeansOptions& options) {
  OODML_RETURN_IF_ERROR(check_clusters(options, set.size()));
  const at::NoGradGuard no_grad;
  return Kmeans(set, space, options).run();
}

std::vector<std::int64_t> double_cosine_assignment(const LabelledSet& set, const torch::Tensor& centroids) {
  const at::NoGradGuard no_grad;
  const SpaceRows rows(set, Space::kCosine);
  const auto unit = unit_rows(centroids);
  DoubleCentroids nearest(rows);
  nearest.update(unit - at::tensor(nearest.centre(), at::kDouble), {});
  std::vector<std::int64_t> labels(nearest.labels().begin(), nearest.labels().end());
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    if (rows.factor(row) == 0.0) labels[row] = 0;  // a row of zeros is equally near to all
  }
  return labels;
}

}  // namespace oodml::metrics
