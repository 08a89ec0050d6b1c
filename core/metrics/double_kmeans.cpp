#include "core/metrics/double_kmeans.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/metrics/centred_rows.h"
#include "core/metrics/faiss_draws.h"
#include "core/metrics/nearest_centroids.h"
#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

constexpr double kSplit = 1.0 / 1024.0;  // how far the halves of a split cluster are moved apart, of each entry

/// Centroids less the centre of the rows, so that neither loses the other's digits.
class Kmeans {
 public:
  Kmeans(const LabelledSet& set, Space space, const KmeansOptions& options)
      : rows_(set, space),
        centring_(Centring::of(rows_, centred_)),
        nearest_(nearest_in_double_precision(rows_, centred_, centring_)),
        options_(options),
        centre_(at::tensor(centring_.centre, at::kDouble)),
        centroids_(at::empty({options.clusters, rows_.dim()}, at::kDouble)) {}

  Result<Clustering> run() {
    begin();
    const int iterations = options_.clusters == rows_.size() ? 0 : options_.iterations;  // each row is its own cluster
    double objective = 0.0;
    for (int i = 0; i <= iterations; ++i) {
      const auto go_on = [&](double share) {
        return !options_.go_on || options_.go_on((i + share) / (iterations + 1));
      };
      if (!nearest_->update(centroids_, go_on)) {
        return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of k-means");
      }
      if (i == iterations) break;
      objective = 0.0;
      for (const double distance : nearest_->distances()) objective += distance;
      move();
    }
    const auto labels = nearest_->labels();
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
      add_moved(every_row ? c : drawn[c], row);
      std::ranges::copy(row, centroid(c));
    }
  }

  double* centroid(std::int64_t c) { return centroids_.mutable_data_ptr<double>() + c * rows_.dim(); }

  /// sum += row - centre
  void add_moved(std::int64_t row, std::vector<double>& sum) const { rows_.add_moved_to(row, centring_.centre, sum); }

  /// To the means of their rows; clusters without rows take over half of another.
  void move() {
    std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(options_.clusters));
    const auto labels = nearest_->labels();
    for (std::size_t row = 0; row < labels.size(); ++row)
      members[labels[row]].push_back(static_cast<std::int64_t>(row));
    centroids_ = at::zeros_like(centroids_);  // another tensor: what moved is seen by comparing
    at::parallel_for(0, options_.clusters, /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t c = first; c < last; ++c) {
        if (members[c].empty()) continue;
        std::vector<double> sum(static_cast<std::size_t>(rows_.dim()), 0.0);
        for (const std::int64_t row : members[c]) add_moved(row, sum);
        const auto count = static_cast<double>(members[c].size());
        std::ranges::transform(sum, centroid(c), [count](double value) { return value / count; });
      }
    });
    std::vector<float> sizes;
    for (const auto& rows : members) sizes.push_back(static_cast<float>(rows.size()));
    split(sizes);
  }

  void split(std::vector<float>& sizes) {
    SplitDraws draws;
    const auto k = static_cast<std::int64_t>(sizes.size());
    const auto spare = static_cast<float>(rows_.size() - k);
    for (std::int64_t empty = 0; empty < k; ++empty) {
      if (sizes[empty] != 0.0f) continue;
      std::int64_t chosen = 0;
      while (draws.next() >= static_cast<float>((sizes[chosen] - 1.0) / spare)) chosen = (chosen + 1) % k;
      move_apart(centroid(empty), centroid(chosen));
      sizes[empty] = sizes[chosen] / 2;
      sizes[chosen] -= sizes[empty];
    }
  }

  /// Two copies of the chosen one, its entries (the centre included) alternately a little larger and smaller.
  void move_apart(double* empty, double* chosen) const {
    for (std::int64_t d = 0; d < rows_.dim(); ++d) {
      const double step = (chosen[d] + centring_.centre[d]) * (d % 2 == 0 ? kSplit : -kSplit);
      empty[d] = chosen[d] + step;
      chosen[d] -= step;
    }
  }

  const SpaceRows rows_;
  CentredRows centred_;
  const Centring centring_;
  const std::unique_ptr<NearestCentroids> nearest_;
  const KmeansOptions& options_;
  const torch::Tensor centre_;
  torch::Tensor centroids_;
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
  CentredRows centred;
  const Centring centring = Centring::of(rows, centred);
  const auto unit = unit_rows(centroids);
  const auto nearest = nearest_in_double_precision(rows, centred, centring);
  nearest->update(unit - at::tensor(centring.centre, at::kDouble), {});
  std::vector<std::int64_t> labels(nearest->labels().begin(), nearest->labels().end());
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    if (rows.factor(row) == 0.0) labels[row] = 0;  // a row of zeros is equally near to all
  }
  return labels;
}

}  // namespace oodml::metrics
