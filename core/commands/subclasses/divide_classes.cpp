#include <algorithm>
#include <utility>

#include "core/commands/subclasses/subclasses.h"
#include "core/metrics/faiss_kmeans.h"

namespace oodml::commands {
namespace {

/// Positions of each cluster, the largest first, of equals that with the first image.
Result<std::vector<std::vector<std::int64_t>>> clusters_of(const std::vector<std::int64_t>& positions,
                                                           const torch::Tensor& features, std::int64_t per_class,
                                                           int seed) {
  const auto rows = features.index_select(0, at::tensor(positions, at::kLong)).contiguous();
  const std::int64_t clusters = std::min(per_class, std::ssize(positions));
  OODML_ASSIGN_OR_RETURN(const auto clustering, metrics::faiss_kmeans(rows, {.clusters = clusters, .seed = seed}));
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(clusters));
  for (std::size_t i = 0; i < positions.size(); ++i) {
    members[static_cast<std::size_t>(clustering.assignment[i])].push_back(positions[i]);
  }
  std::erase_if(members, [](const auto& cluster) { return cluster.empty(); });
  std::ranges::sort(members, [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a.front() < b.front();
  });
  return members;
}

}  // namespace

Result<Division> divide_classes(const data::Dataset& dataset, const torch::Tensor& features, std::int64_t per_class,
                                std::int64_t at_least, int seed) {
  if (!features.isfinite().all().item<bool>()) {
    return invalid_argument("the backbone's features are not finite; are its weights whole?");
  }
  Division division;
  for (std::size_t label = 0; label < dataset.class_names.size(); ++label) {
    OODML_ASSIGN_OR_RETURN(auto clusters, clusters_of(dataset.by_class[label], features, per_class, seed));
    std::int64_t number = 0;
    for (auto& cluster : clusters) {
      const std::string name = dataset.class_names[label] + "_" + std::to_string(++number);
      if (std::ssize(cluster) >= at_least) {
        division.subclasses.push_back({name, std::move(cluster)});
      } else {
        division.notes.push_back(name + " is left out: " + std::to_string(cluster.size()) + " images, fewer than " +
                                 std::to_string(at_least));
      }
    }
  }
  if (division.subclasses.empty()) {
    return invalid_argument("no cluster has " + std::to_string(at_least) +
                            " images; ask for fewer per class, or fewer with --at-least");
  }
  return division;
}

}  // namespace oodml::commands
