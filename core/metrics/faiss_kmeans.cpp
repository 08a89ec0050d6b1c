#include "core/metrics/faiss_kmeans.h"

#include <faiss/Clustering.h>
#include <faiss/impl/FaissException.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core/metrics/single_precision_centroids.h"

namespace oodml::metrics {
namespace {

struct Cancelled {};

/// What FAISS's clustering asks its index for: the nearest centroid of every row of the training set.
class CentroidIndex final : public faiss::Index {
 public:
  CentroidIndex(const torch::Tensor& rows, const float* rows_on_cpu, const KmeansOptions& options)
      : faiss::Index(static_cast<idx_t>(rows.size(1)), faiss::METRIC_L2),
        rows_on_cpu_(rows_on_cpu),
        iterations_(options.iterations),
        go_on_(options.go_on),
        nearest_(std::make_unique<SinglePrecisionCentroids>(rows)) {
    is_trained = true;
  }

  void reset() override { ntotal = 0; }

  void add(idx_t n, const float* x) override {
    ntotal = n;
    centroids_ = at::from_blob(const_cast<float*>(x), {n, d}, at::kFloat).clone();
  }

  void search(idx_t n, const float* x, idx_t k, float* distances, idx_t* labels,
              const faiss::SearchParameters* = nullptr) const override {
    if (k != 1 || n != static_cast<idx_t>(nearest_->labels().size()) || x != rows_on_cpu_) {
      throw std::logic_error("CentroidIndex: only searches its own rows for the nearest centroid");
    }
    const auto go_on = [this](double share) { return !go_on_ || go_on_((searches_ + share) / (iterations_ + 1)); };
    if (!nearest_->update(centroids_, go_on)) throw Cancelled{};
    ++searches_;
    std::ranges::copy(nearest_->distances(), distances);
    std::ranges::copy(nearest_->labels(), labels);
  }

 private:
  const float* const rows_on_cpu_;
  const int iterations_;
  const std::function<bool(double)>& go_on_;
  torch::Tensor centroids_;
  // FAISS searches a const index; what is remembered between searches changes no answer.
  const std::unique_ptr<SinglePrecisionCentroids> nearest_;
  mutable int searches_ = 0;
};

faiss::ClusteringParameters parameters(const KmeansOptions& options) {
  faiss::ClusteringParameters parameters;
  parameters.niter = options.iterations;
  parameters.min_points_per_centroid = 1;
  parameters.max_points_per_centroid = 1'000'000'000;
  parameters.seed = options.seed;
  return parameters;
}

Clustering cluster(const torch::Tensor& embeddings, const KmeansOptions& options) {
  const auto on_cpu = embeddings.cpu();
  const float* const rows = on_cpu.const_data_ptr<float>();
  faiss::Clustering kmeans(static_cast<int>(embeddings.size(1)), static_cast<int>(options.clusters),
                           parameters(options));
  if (options.initial_centroids) {
    const auto initial = options.initial_centroids->contiguous();
    kmeans.centroids.assign(initial.const_data_ptr<float>(), initial.const_data_ptr<float>() + initial.numel());
  }
  CentroidIndex index(embeddings, rows, options);
  kmeans.train(embeddings.size(0), rows, index);

  Clustering result;
  result.centroids = at::from_blob(kmeans.centroids.data(), {options.clusters, embeddings.size(1)}, at::kFloat).clone();
  result.objective = kmeans.iteration_stats.empty() ? 0.0 : kmeans.iteration_stats.back().obj;
  result.assignment.resize(static_cast<std::size_t>(embeddings.size(0)));
  std::vector<float> distances(result.assignment.size());
  index.search(embeddings.size(0), rows, 1, distances.data(), result.assignment.data());
  return result;
}

}  // namespace

Status check_clusters(const KmeansOptions& options, std::int64_t rows) {
  if (options.clusters >= 1 && options.clusters <= rows) return {};
  return invalid_argument("k-means: " + std::to_string(options.clusters) + " clusters asked for, possible are 1 to " +
                          std::to_string(rows) + ", the number of rows");
}

Result<Clustering> faiss_kmeans(const torch::Tensor& embeddings, const KmeansOptions& options) {
  OODML_RETURN_IF_ERROR(check_clusters(options, embeddings.size(0)));
  const at::NoGradGuard no_grad;
  try {
    return cluster(embeddings, options);
  } catch (const Cancelled&) {
    return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of k-means");
  } catch (const faiss::FaissException& error) {
    return internal_error(std::string("k-means: FAISS: ") + error.what());
  }
}

}  // namespace oodml::metrics
