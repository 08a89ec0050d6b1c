#include "coordinator/cli/report/method_names.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace oodml::cli::report {
namespace {

using Published = std::pair<std::string_view, std::string_view>;

/// Beginnings of published names, longer ones first; suffixes like _3 are those of reruns.
constexpr std::array<Published, 19> kTitles = {{{"Margin_b06", "Margin (D), β=0.6"},
                                                {"Margin_b12", "Margin (D), β=1.2"},
                                                {"ArcFace", "ArcFace"},
                                                {"Histogram", "Histogram"},
                                                {"SoftTriple", "SoftTriple"},
                                                {"Contrastive", "Contrastive (D)"},
                                                {"Triplet_Distance", "Triplet (D)"},
                                                {"Triplet_Random", "Triplet (R)"},
                                                {"Triplet_Semihard", "Triplet (S)"},
                                                {"Triplet_Softhard", "Triplet (H)"},
                                                {"Quadruplet_Distance", "Quadruplet (D)"},
                                                {"SNR_Distance", "SNR (D)"},
                                                {"Softmax", "Softmax"},
                                                {"Multisimilarity", "Multisimilarity"},
                                                {"MS", "Multisimilarity"},
                                                {"oproxy", "ProxyAnchor"},
                                                {"MaxEntropy", "Uniform Prior"},
                                                {"S2SD", "S2SD"},
                                                {"DiVA", "DiVA"}}};

/// The published name goes on with something else than the word: "MS" is not the beginning of "MSE".
bool begins_with_word(std::string_view stem, std::string_view word) {
  return stem.starts_with(word) && (stem.size() == word.size() || stem[word.size()] == '_');
}

std::string_view published_title(std::string_view stem) {
  for (const auto& [word, title] : kTitles) {
    if (begins_with_word(stem, word)) return title;
  }
  return {};
}

struct Stem {
  std::string_view text;
  bool regularised = false;
};

/// What follows one of the prefixes; nothing where the group begins with none.
Stem stem_of(std::string_view group, const std::vector<std::string_view>& prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (prefix.empty() || !group.starts_with(prefix)) continue;
    const std::string_view rest = group.substr(prefix.size());
    for (const auto& [ending, regularised] : {Published{"reg_", "R"}, Published{"_", ""}}) {
      if (rest.starts_with(ending) && rest.size() > ending.size())
        return {rest.substr(ending.size()), !regularised.empty()};
    }
  }
  return {};
}

/// ooDML's groups are CUB_ID-3_S2SD and, few-shot, CUB_Shots-2_ID-3_S2SD.
std::string_view without_split(std::string_view stem) {
  for (const std::string_view word : {"Shots-", "ID-"}) {
    if (stem.starts_with(word) && stem.find('_') + 1 < stem.size() && stem.find('_') != std::string_view::npos)
      stem.remove_prefix(stem.find('_') + 1);
  }
  return stem;
}

}  // namespace

std::string group_of_labels(const std::map<std::string, std::string>& labels) {
  std::string name;
  for (const auto& [axis, label] : labels) {
    if (axis != "seed") name += (name.empty() ? "" : "_") + label;
  }
  return name;
}

MethodName method_name(const Run& run) {
  const auto label = run.labels.find("benchmark");
  Stem stem = stem_of(run.group, {"CUB", "CARS", "CAR", "SOP", run.benchmark,
                                  label == run.labels.end() ? std::string_view() : std::string_view(label->second)});
  const bool nobody_named_it = !run.labels.empty() && run.group == group_of_labels(run.labels);
  if (stem.text.empty() || nobody_named_it) {
    const std::string& own = run.method.empty() ? run.group : run.method;
    const std::string_view known = published_title(own);
    return {.title = known.empty() ? own : std::string(known), .regularised = own.starts_with("R-")};
  }
  stem.text = without_split(stem.text);
  if (stem.text.starts_with("R") && !published_title(stem.text.substr(1)).empty()) stem = {stem.text.substr(1), true};
  const std::string_view known = published_title(stem.text);
  return {.title = (stem.regularised ? "R-" : "") + std::string(known.empty() ? stem.text : known),
          .regularised = stem.regularised};
}

}  // namespace oodml::cli::report
