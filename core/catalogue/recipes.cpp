#include "core/catalogue/recipe.h"

#include <algorithm>

namespace oodml::catalogue {
namespace {

using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

const Texts& comparison_metrics() {
  static const Texts metrics = {"e_recall@1",
                                "e_recall@2",
                                "e_recall@4",
                                "nmi",
                                "f1",
                                "mAP_1000",
                                "mAP_lim",
                                "mAP_c",
                                "dists@intra",
                                "dists@inter",
                                "dists@intra_over_inter",
                                "rho_spectrum@0",
                                "rho_spectrum@-1",
                                "rho_spectrum@1",
                                "rho_spectrum@2",
                                "rho_spectrum@10"};
  return metrics;
}

Texts without(Texts words, std::string_view word) {
  std::erase(words, word);
  return words;
}

Recipe comparison_study() {
  return {"revisiting",
          "Roth et al., ICML 2020",
          {{"seed", std::int64_t{1}},
           {"tau", Integers{1000}},
           {"evaluate.sets", Texts{"test", "train"}},
           {"evaluate.metrics", comparison_metrics()},
           {"keep_best", Texts{"e_recall@1"}},
           {"log.gradients", true}}};
}

Recipe shift_study() {
  return {"oodml",
          "Milbich et al., NeurIPS 2021",
          {{"evaluate.sets", Texts{"test", "train"}},
           {"evaluate.metrics", without(comparison_metrics(), "mAP_lim")},
           {"keep_best", Texts{"e_recall@1"}},
           {"log.gradients", true}}};
}

/// Its gradient scaler leaves out updates that are not finite, in float32 too (quirk T18).
Recipe nir() {
  return {
      "nir",
      "Roth et al., CVPR 2022",
      {{"evaluate.sets", Texts{"test", "train"}},
       {"evaluate.metrics", Texts{"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@10", "nmi", "f1", "mAP_1000"}},
       {"not_finite", std::string("skip")}}};
}

Texts pads_metrics(const Texts& ks) {
  Texts metrics;
  for (const std::string& k : ks) metrics.push_back("e_recall@" + k);
  for (const char* metric : {"nmi", "f1", "dists@intra", "dists@inter"}) metrics.push_back(metric);
  return metrics;
}

/// Its resnet50 is frozen and normalised whatever its arch says, which is the catalogue's default arch.
Recipe pads() {
  return {"pads",
          "Roth et al., CVPR 2020",
          {{"seed", std::int64_t{1}},
           {"samples_per_class", std::int64_t{4}},
           {"tau", Integers{150}},
           {"evaluate.metrics", pads_metrics({"1", "2", "4", "8"})},
           {"keep_best", Texts{"e_recall@1"}},
           {"log.gradients", true}},
          {{"online_products", Params{{"evaluate.metrics", pads_metrics({"1", "10", "100", "1000"})}}}}};
}

}  // namespace

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> list = {
      {"default", "the catalogue's own", {}}, comparison_study(), shift_study(), nir(), pads()};
  return list;
}

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes()) names.push_back(recipe.name);
  return names;
}

const Value& fallback_of(const Parameter& key, std::string_view recipe, std::string_view benchmark) {
  const auto& list = recipes();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Recipe& r) { return r.name == recipe; });
  if (found == list.end()) return key.fallback;
  const auto own = found->of_benchmark.find(std::string(benchmark));
  const Value* value = own == found->of_benchmark.end() ? nullptr : own->second.find(key.name);
  if (value == nullptr) value = found->defaults.find(key.name);
  return value == nullptr ? key.fallback : *value;
}

}  // namespace oodml::catalogue
