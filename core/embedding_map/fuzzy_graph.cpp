#include "core/embedding_map/fuzzy_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace oodml::embedding_map {
namespace {

constexpr int kMostBisections = 64;
constexpr double kTolerance = 1e-5, kLeastShareOfMean = 1e-3;

double membership(double distance, const SmoothDistance& smooth) {
  if (distance <= smooth.rho || smooth.sigma == 0.0) return 1.0;
  return std::exp(-(distance - smooth.rho) / smooth.sigma);
}

double bisected_sigma(std::span<const double> distances, double rho) {
  const double wanted = std::log2(static_cast<double>(distances.size() + 1));
  double low = 0.0, high = std::numeric_limits<double>::infinity();
  double sigma = distances.empty() || distances.back() <= rho ? 1.0 : distances.back() - rho;
  for (int i = 0; i < kMostBisections; ++i) {
    double sum = 0.0;
    for (const double distance : distances) sum += membership(distance, {rho, sigma});
    if (std::abs(sum - wanted) < kTolerance) break;
    (sum > wanted ? high : low) = sigma;
    sigma = std::isinf(high) ? sigma * 2 : (low + high) / 2;
  }
  return sigma;
}

/// A membership in one direction, as both rows of it see it.
struct Directed {
  std::int64_t to = 0;
  double weight = 0.0;
};

double mean_of(std::span<const double> distances, std::size_t count) {
  return count == 0 ? 0.0 : std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(count);
}

}  // namespace

SmoothDistance smooth_distance(std::span<const double> distances, double mean_of_all) {
  SmoothDistance smooth;
  const auto first = std::ranges::find_if(distances, [](double distance) { return distance > 0.0; });
  if (first != distances.end()) smooth.rho = *first;
  const double mean = smooth.rho > 0.0 ? mean_of(distances, distances.size() + 1) : mean_of_all;
  smooth.sigma = std::max(bisected_sigma(distances, smooth.rho), kLeastShareOfMean * mean);
  return smooth;
}

FuzzyGraph fuzzy_graph(const NearRows& near) {
  const double mean = mean_of(near.distances, near.distances.size() + static_cast<std::size_t>(near.count));
  std::vector<std::vector<Directed>> edges(static_cast<std::size_t>(near.count));
  for (std::int64_t i = 0; i < near.count; ++i) {
    const auto rows = near.rows_of(i);
    const auto distances = near.distances_of(i);
    const SmoothDistance smooth = smooth_distance(distances, mean);
    for (std::size_t j = 0; j < rows.size(); ++j) {
      const double weight = membership(distances[j], smooth);
      if (weight <= 0.0) continue;
      edges[static_cast<std::size_t>(i)].push_back({rows[j], weight});
      edges[static_cast<std::size_t>(rows[j])].push_back({i, weight});
    }
  }
  FuzzyGraph graph;
  graph.starts.push_back(0);
  for (auto& of_row : edges) {
    // Both directions of an edge stand in both rows' lists, in either order: p + q - p q does not mind.
    std::ranges::stable_sort(of_row, {}, &Directed::to);
    for (std::size_t j = 0; j < of_row.size(); ++j) {
      double weight = of_row[j].weight;
      if (j + 1 < of_row.size() && of_row[j + 1].to == of_row[j].to) {
        const double other = of_row[++j].weight;
        weight = weight + other - weight * other;
      }
      graph.to.push_back(of_row[j].to);
      graph.weights.push_back(weight);
    }
    graph.starts.push_back(static_cast<std::int64_t>(graph.to.size()));
  }
  return graph;
}

Components components_of(const FuzzyGraph& graph) {
  Components components{.of = std::vector<std::int64_t>(static_cast<std::size_t>(graph.size()), -1)};
  std::vector<std::int64_t> open;
  for (std::int64_t first = 0; first < graph.size(); ++first) {
    if (components.of[static_cast<std::size_t>(first)] >= 0) continue;
    open.push_back(first);
    components.of[static_cast<std::size_t>(first)] = components.count;
    while (!open.empty()) {
      const auto row = static_cast<std::size_t>(open.back());
      open.pop_back();
      for (auto edge = graph.starts[row]; edge < graph.starts[row + 1]; ++edge) {
        const std::int64_t to = graph.to[static_cast<std::size_t>(edge)];
        if (components.of[static_cast<std::size_t>(to)] >= 0) continue;
        components.of[static_cast<std::size_t>(to)] = components.count;
        open.push_back(to);
      }
    }
    ++components.count;
  }
  return components;
}

}  // namespace oodml::embedding_map
