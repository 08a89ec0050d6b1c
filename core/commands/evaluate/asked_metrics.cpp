#include "core/commands/evaluate/asked_metrics.h"

#include <algorithm>

#include "core/catalogue/catalogue.h"

namespace oodml::commands {
namespace {

std::vector<std::string> every_metric(bool of_queries) {
  std::vector<std::string> names;
  for (const auto& metric : catalogue::components(catalogue::Kind::kMetric)) {
    const bool reads_neighbours = !metric.paper_mode.empty() && !metric.takes_order;
    if (of_queries && !reads_neighbours) continue;
    if (metric.takes_k) {
      for (const char* k : {"1", "2", "4", "8", "10", "100"}) names.push_back(metric.name + "@" + k);
    } else if (metric.takes_order) {
      for (const char* m : {"-1", "1", "2", "10"}) names.push_back(metric.name + "@" + m);
    } else if (!metric.variants.empty()) {
      for (const std::string& variant : metric.variants) names.push_back(metric.name + "@" + variant);
    } else {
      names.push_back(metric.name);
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> asked_metrics(const EvaluateOptions& options) {
  const bool of_queries = !options.query.empty();
  std::vector<std::string> names;
  for (const std::string& name : options.metrics) {
    const auto all = name == "all" ? every_metric(of_queries) : std::vector<std::string>{name};
    for (const std::string& one : all) {
      if (std::ranges::count(names, one) == 0) names.push_back(one);
    }
  }
  if (!names.empty()) return names;
  names = {"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@8", "mAP_1000", "mAP_c"};
  if (of_queries) return names;
  for (const char* name :
       {"nmi", "f1", "dists@intra", "dists@inter", "dists@intra_over_inter", "rho_spectrum@-1", "rho_spectrum@1"}) {
    names.push_back(name);
  }
  return names;
}

}  // namespace oodml::commands
