#include "coordinator/cli/report/kind.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::cli::report {
namespace {

bool has(const std::vector<std::string>& words, const char* word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_of_shots(const std::string& axis) { return axis == "shots" || axis.starts_with("few_shot"); }

const Kind* kind_of(const std::vector<std::string>& recipes, const std::vector<std::string>& axes) {
  const auto named = [](const char* name) { return *find_kind(name); };
  if (std::ranges::any_of(axes, is_of_shots)) return named("few-shot");
  std::vector<std::string> own = recipes;
  std::erase(own, "default");
  if (own.size() == 1 && has(kind_names(), own.front().c_str())) return named(own.front().c_str());
  return own.empty() && has(axes, "split") ? named("oodml") : nullptr;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> list = {
      {"revisiting",
       "Comparison of criteria",
       "tables, correlations and embedding statistics (ICML 2020)",
       {"test:*", "val:e_recall@1", "train:e_recall@1", "train:dists@*", "train:rho_spectrum@*"},
       Choice::kOwnBest,
       make_revisiting},
      {"oodml",
       "Generalisation under growing shift",
       "recall against FID, generalisation scores, structure (NeurIPS 2021)",
       {"test:*", "val:e_recall@1", "train:e_recall@1", "train:dists@*", "train:rho_spectrum@*", "train:uniformity*"},
       Choice::kOwnBest,
       make_oodml},
      {"few-shot",
       "Few-shot adaptation",
       "zero-shot and few-shot figures, relative gains over FID (NeurIPS 2021)",
       {"test:*", "val:e_recall@1"},
       Choice::kOwnBest,
       make_few_shot},
      {"nir",
       "Proxies and their regularisation",
       "best figures and speed of convergence (CVPR 2022)",
       {"test:*", "val:e_recall@1"},
       Choice::kOwnBest,
       make_nir},
      {"pads",
       "Policy-adapted sampling",
       "figures at the best recall, the sampling histogram over updates (CVPR 2020)",
       {"test:*", "val:e_recall@1", "policy:*"},
       Choice::kAtBestRecall,
       make_pads}};
  return list;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  return names;
}

Result<const Kind*> find_kind(const std::string& name) {
  const auto found = std::ranges::find(kinds(), name, &Kind::name);
  if (found != kinds().end()) return &*found;
  return invalid_argument("--kind: there is no report '" + name + "'; there are " + joined(kind_names()) +
                          catalogue::did_you_mean(name, kind_names()));
}

Result<const Kind*> guess_kind(const std::vector<std::string>& recipes, const std::vector<std::string>& axes) {
  if (const Kind* kind = kind_of(recipes, axes)) return kind;
  return invalid_argument("which report is wanted does not follow from the trials' recipe (" +
                          (recipes.empty() ? std::string("none") : joined(recipes)) + "); say --kind " +
                          joined(kind_names(), " | "));
}

}  // namespace oodml::cli::report
