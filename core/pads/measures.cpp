#include "core/pads/measures.h"

#include <algorithm>

namespace oodml::pads {
namespace {

constexpr double kDecay = 0.7;  // of a score with its age

std::vector<std::string> names_of(const std::string& metric, const std::vector<std::int64_t>& k_vals) {
  if (metric == "nmi") return {"nmi"};
  if (metric == "dists") return {"dists@intra", "dists@inter"};
  if (metric == "svd") return {"rho_spectrum@-1"};  // KL(singular values || uniform)
  std::vector<std::string> names;
  for (const std::int64_t k : k_vals) names.push_back("e_recall@" + std::to_string(k));
  return names;
}

std::vector<std::string> names_of_state(const MeasureOptions& options) {
  std::vector<std::string> names;
  for (const std::string& metric : options.state_metrics) {
    for (auto& name : names_of(metric, options.k_vals)) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> names_of_reward(const MeasureOptions& options) {
  std::vector<std::string> names;
  if (options.reward_type != 0) names.push_back("e_recall@" + std::to_string(options.k_vals.front()));
  if (options.reward_type != 1) names.emplace_back("nmi");
  return names;
}

}  // namespace

std::vector<std::string> metric_names(const MeasureOptions& options) {
  auto names = names_of_state(options);
  for (auto& name : names_of_reward(options)) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::int64_t metric_count(const MeasureOptions& options) { return std::ssize(names_of_state(options)); }

torch::Tensor state_metrics(const MeasureOptions& options, const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble).slice(0, 0, metric_count(options)).clone();
}

double score(const MeasureOptions& options, const std::vector<double>& values) {
  const auto names = metric_names(options);
  const auto wanted = names_of_reward(options);
  double sum = 0.0;
  for (const std::string& name : wanted) {
    sum += values[static_cast<std::size_t>(std::ranges::find(names, name) - names.begin())];
  }
  return sum / static_cast<double>(wanted.size());
}

double supported_score(const std::vector<double>& scores) {
  double sum = 0.0;
  for (const double score : scores) sum = kDecay * sum + score;
  return sum;
}

}  // namespace oodml::pads
