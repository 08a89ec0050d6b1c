#include "core/embedding_map/spectral_layout.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/embedding_map/leading_eigenvectors.h"
#include "core/embedding_map/pca.h"

namespace oodml::embedding_map {
namespace {

/// A start needs no more.
constexpr LanczosOptions kRough{.tolerance = 1e-6, .most_steps = 400};

/// D^-1/2 W D^-1/2 times v; inverse_roots: of the degrees.
torch::Tensor normalised_times(const FuzzyGraph& graph, const std::vector<double>& inverse_roots,
                               const torch::Tensor& v) {
  auto product = at::empty_like(v);
  const double* const from = v.const_data_ptr<double>();
  double* const to = product.data_ptr<double>();
  for (std::size_t i = 0; i < inverse_roots.size(); ++i) {
    double sum = 0.0;
    for (auto edge = graph.starts[i]; edge < graph.starts[i + 1]; ++edge) {
      const auto j = static_cast<std::size_t>(graph.to[static_cast<std::size_t>(edge)]);
      sum += graph.weights[static_cast<std::size_t>(edge)] * inverse_roots[j] * from[j];
    }
    to[i] = sum * inverse_roots[i];
  }
  return product;
}

/// [N, 2] of a connected graph, the largest coordinate 1.
torch::Tensor connected_layout(const FuzzyGraph& graph) {
  const auto n = static_cast<std::size_t>(graph.size());
  std::vector<double> inverse_roots(n), roots(n);  // of the degrees
  for (std::size_t i = 0; i < n; ++i) {
    double degree = 0.0;
    for (auto edge = graph.starts[i]; edge < graph.starts[i + 1]; ++edge) {
      degree += graph.weights[static_cast<std::size_t>(edge)];
    }
    roots[i] = std::sqrt(degree);
    inverse_roots[i] = degree > 0.0 ? 1.0 / roots[i] : 0.0;
  }
  const auto root = at::tensor(roots, at::kDouble);
  const auto first = root / root.norm().clamp_min(1e-300);  // of eigenvalue 1
  const Apply apply = [&](const torch::Tensor& v) { return normalised_times(graph, inverse_roots, v.contiguous()); };
  const auto vectors = leading_eigenvectors(graph.size(), 2, apply, first, kRough);
  return (vectors / vectors.abs().max().clamp_min(1e-300)).t().contiguous();
}

/// The rows of one component.
FuzzyGraph part_of(const FuzzyGraph& graph, const std::vector<std::int64_t>& rows) {
  std::vector<std::int64_t> number(static_cast<std::size_t>(graph.size()), -1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    number[static_cast<std::size_t>(rows[i])] = static_cast<std::int64_t>(i);
  FuzzyGraph part;
  part.starts.push_back(0);
  for (const std::int64_t row : rows) {
    for (auto edge = graph.starts[static_cast<std::size_t>(row)];
         edge < graph.starts[static_cast<std::size_t>(row) + 1]; ++edge) {
      part.to.push_back(number[static_cast<std::size_t>(graph.to[static_cast<std::size_t>(edge)])]);
      part.weights.push_back(graph.weights[static_cast<std::size_t>(edge)]);
    }
    part.starts.push_back(static_cast<std::int64_t>(part.to.size()));
  }
  return part;
}

/// Half the distance of each place to the nearest other one, [C]; 1 where all are the same.
torch::Tensor reach_of(const torch::Tensor& places) {
  auto apart = at::cdist(places, places);
  apart.masked_fill_(apart == 0, std::numeric_limits<double>::infinity());
  const auto nearest = std::get<0>(apart.min(1)) / 2;
  return at::where(nearest.isfinite(), nearest, at::ones_like(nearest));
}

}  // namespace

torch::Tensor spectral_layout(const FuzzyGraph& graph, const torch::Tensor& rows) {
  const at::NoGradGuard no_grad;
  const Components components = components_of(graph);
  if (components.count == 1) return connected_layout(graph);
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(components.count));
  for (std::size_t i = 0; i < components.of.size(); ++i) {
    members[static_cast<std::size_t>(components.of[i])].push_back(static_cast<std::int64_t>(i));
  }
  std::vector<torch::Tensor> centres;
  for (const auto& part : members) centres.push_back(rows.index_select(0, at::tensor(part, at::kLong)).mean(0));
  const auto places = pca(at::stack(centres), 2).value();  // [C, 2]; of rows that were checked
  const auto reach = reach_of(places);
  auto layout = at::empty({graph.size(), 2}, at::kDouble);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    const auto part = connected_layout(part_of(graph, members[i]));
    layout.index_copy_(0, at::tensor(members[i], at::kLong), part * reach[number] + places[number]);
  }
  return layout;
}

}  // namespace oodml::embedding_map
