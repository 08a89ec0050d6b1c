#include "core/metrics/faiss_kmeans.h"

#include <ATen/Parallel.h>
#include <faiss/Clustering.h>
#include <faiss/impl/FaissException.h>

#include <algorithm>
#include <span>

#include "core/metrics/same_class_ranks.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kTileBytes = 16 << 20;

struct Cancelled {};

/// The nearest centroid of every row, found by tiled matrix products on the rows' device. FAISS's clustering asks its
/// index for nothing else.
class CentroidIndex final : public faiss::Index {
 public:
  CentroidIndex(const torch::Tensor& rows, const torch::Tensor& rows_on_cpu, const std::function<bool()>& keep_going)
      : faiss::Index(static_cast<idx_t>(rows.size(1)), faiss::METRIC_L2),
        rows_(rows),
        rows_on_cpu_(rows_on_cpu),
        keep_going_(keep_going) {
    is_trained = true;
    std::vector<torch::Tensor> norms;
    for (const auto& piece : rows.split(4096)) norms.push_back(piece.square().sum(1));
    row_norms_ = at::cat(norms);
  }

  void reset() override { ntotal = 0; }

  void add(idx_t n, const float* x) override {
    ntotal = n;
    const auto values = at::from_blob(const_cast<float*>(x), {n, d}, at::kFloat).clone();
    centroids_ = values.to(rows_.device());
    centroid_norms_ = centroids_.square().sum(1);
  }

  void search(idx_t n, const float* x, idx_t k, float* distances, idx_t* labels,
              const faiss::SearchParameters* = nullptr) const override {
    if (k != 1 || n != rows_.size(0) || x != rows_on_cpu_.const_data_ptr<float>()) {
      throw std::logic_error("CentroidIndex: only searches its own rows for the nearest centroid");
    }
    const std::int64_t tile = std::max<std::int64_t>(kTileBytes / (ntotal * static_cast<idx_t>(sizeof(float))), 16);
    for (idx_t begin = 0; begin < n; begin += tile) {
      if (keep_going_ && !keep_going_()) throw Cancelled{};
      const idx_t end = std::min<idx_t>(begin + tile, n);
      const auto products = rows_.slice(0, begin, end).mm(centroids_.t());  // [R, k]
      products.is_cpu() ? nearest_on_cpu(products, begin, distances, labels)
                        : nearest_on_device(products, begin, distances, labels);
    }
  }

 private:
  void nearest_on_cpu(const torch::Tensor& products, idx_t begin, float* distances, idx_t* labels) const {
    float* const tile = products.mutable_data_ptr<float>();
    const std::span<const float> norms(centroid_norms_.const_data_ptr<float>(), static_cast<std::size_t>(ntotal));
    const float* const row_norms = row_norms_.const_data_ptr<float>() + begin;
    at::parallel_for(0, products.size(0), /*grain_size=*/16, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t row = first; row < last; ++row) {
        const std::span<float> values(tile + row * ntotal, norms.size());
        to_squared_distances(values, norms, row_norms[row]);
        labels[begin + row] = first_minimum(values);
        distances[begin + row] = values[labels[begin + row]];
      }
    });
  }

  void nearest_on_device(const torch::Tensor& products, idx_t begin, float* distances, idx_t* labels) const {
    const auto norms = row_norms_.slice(0, begin, begin + products.size(0)).unsqueeze(1) + centroid_norms_.unsqueeze(0);
    const auto [values, columns] = (norms - 2 * products).clamp_min(0).min(1);
    at::from_blob(distances + begin, values.sizes(), at::kFloat).copy_(values);
    at::from_blob(labels + begin, columns.sizes(), at::kLong).copy_(columns);
  }

  const torch::Tensor rows_, rows_on_cpu_;
  const std::function<bool()>& keep_going_;
  torch::Tensor row_norms_, centroids_, centroid_norms_;
};

faiss::ClusteringParameters parameters() {
  faiss::ClusteringParameters parameters;
  parameters.niter = 20;
  parameters.min_points_per_centroid = 1;
  parameters.max_points_per_centroid = 1'000'000'000;
  parameters.seed = 1234;
  return parameters;
}

Clustering cluster(const torch::Tensor& embeddings, const KmeansOptions& options) {
  const auto on_cpu = embeddings.cpu();
  const float* const rows = on_cpu.const_data_ptr<float>();
  faiss::Clustering kmeans(static_cast<int>(embeddings.size(1)), static_cast<int>(options.clusters), parameters());
  if (options.initial_centroids) {
    const auto initial = options.initial_centroids->contiguous();
    kmeans.centroids.assign(initial.const_data_ptr<float>(), initial.const_data_ptr<float>() + initial.numel());
  }
  CentroidIndex index(embeddings, on_cpu, options.keep_going);
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

Result<Clustering> faiss_kmeans(const torch::Tensor& embeddings, const KmeansOptions& options) {
  if (options.clusters < 1 || options.clusters > embeddings.size(0)) {
    return invalid_argument("k-means: " + std::to_string(options.clusters) + " clusters asked for, possible are 1 to " +
                            std::to_string(embeddings.size(0)) + ", the number of rows");
  }
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
