#include "core/catalogue/catalogue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>

#include "core/base/code_point.h"
#include "core/base/words.h"
#include "core/catalogue/lists.h"
#include "core/catalogue/script_name.h"

namespace oodml::catalogue {
namespace {

std::vector<Component> make(Kind kind) {
  switch (kind) {
    case Kind::kCriterion:
      return criteria();
    case Kind::kMiner:
      return miners();
    case Kind::kSampler:
      return samplers();
    case Kind::kBackbone:
      return backbones();
    case Kind::kMetric:
      return metrics();
    case Kind::kBenchmark:
      return benchmarks();
  }
  return {};
}

std::vector<std::string> names(Kind kind) {
  std::vector<std::string> result;
  for (const Component& component : components(kind)) result.push_back(component.name);
  return result;
}

/// Levenshtein distance with a transposition of neighbours counted as one step.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(previous, row);
  }
  return previous.back();
}

Failure unknown(std::string_view what, std::string_view word, const std::vector<std::string>& known) {
  const std::string close = did_you_mean(word, known);
  return invalid_argument("unknown " + std::string(what) + " '" + std::string(beginning_of(word, 80)) + "'" +
                          beyond_ascii(word) + (close.empty() ? "; known: " : close + " Known: ") + joined(known));
}

/// Of resnet5O_frozen_normalize the part in front that is near a backbone, else the whole.
Failure unknown_backbone(std::string_view arch) {
  const std::vector<std::string> known = names(Kind::kBackbone);
  std::string_view part = arch;
  while (nearest(part, known).empty()) {
    const auto end = part.rfind('_');
    if (end == std::string_view::npos) return unknown("backbone", arch, known);
    part = part.substr(0, end);
  }
  return unknown("backbone", part, known);
}

}  // namespace

const std::vector<Component>& components(Kind kind) {
  static const std::array<std::vector<Component>, 6> lists = {make(Kind::kCriterion), make(Kind::kMiner),
                                                              make(Kind::kSampler),   make(Kind::kBackbone),
                                                              make(Kind::kMetric),    make(Kind::kBenchmark)};
  return lists[static_cast<std::size_t>(kind)];
}

const Component* find(Kind kind, std::string_view name) {
  const auto& list = components(kind);
  const auto found = std::ranges::find_if(
      list, [&](const Component& c) { return c.name == name || std::ranges::count(c.aliases, name) > 0; });
  return found == list.end() ? nullptr : &*found;
}

std::string name_of(Kind kind, std::string_view name_or_alias) {
  const Component* component = find(kind, name_or_alias);
  return component == nullptr ? std::string(name_or_alias) : component->name;
}

Result<const Component*> lookup(Kind kind, std::string_view name) {
  if (const Component* component = find(kind, name)) return component;
  for (const Kind other : {Kind::kCriterion, Kind::kMiner, Kind::kSampler}) {
    if (other == kind || find(other, name) == nullptr) continue;
    const std::string word(name), right = to_text(other);
    return invalid_argument("unknown " + std::string(to_text(kind)) + " '" + word + "': " + word + " is a " + right +
                            ", written " + right + ": " + word + "; known: " + joined(names(kind)));
  }
  return unknown(to_text(kind), name, names(kind));
}

const std::vector<Parameter>& trial_keys() {
  static const std::vector<Parameter> keys = make_trial_keys();
  return keys;
}

const Parameter* find_trial_key(std::string_view name) {
  // Asked some hundred times a trial.
  static const std::map<std::string_view, const Parameter*> keys = [] {
    std::map<std::string_view, const Parameter*> by_name;
    for (const Parameter& key : trial_keys()) by_name.emplace(key.name, &key);
    return by_name;
  }();
  const auto found = keys.find(name);
  return found == keys.end() ? nullptr : found->second;
}

const std::vector<Kind>& chosen_kinds() {
  static const std::vector<Kind> kinds = {Kind::kBenchmark, Kind::kCriterion, Kind::kMiner, Kind::kSampler};
  return kinds;
}

const std::vector<std::string>& head_names() {
  static const std::vector<std::string> names = {"discriminative", "shared", "selfsimilarity", "intra"};
  return names;
}

Result<Arch> parse_arch(std::string_view arch) {
  const bool several_heads = arch.starts_with(kSeveralHeads);
  if (several_heads) arch.remove_prefix(kSeveralHeads.size());
  std::string script;
  if (arch.starts_with(kScriptPrefix)) {
    OODML_ASSIGN_OR_RETURN(const std::size_t length, script_file_length(arch.substr(kScriptPrefix.size())));
    script = arch.substr(kScriptPrefix.size(), length);
  }
  // The longest backbone name that the text starts with, then modifiers: names may hold underscores.
  const Component* backbone = nullptr;
  for (const Component& candidate : components(Kind::kBackbone)) {
    const bool starts =
        script.empty() ? arch == candidate.name || arch.starts_with(candidate.name + "_") : candidate.name == kScript;
    if (starts && (backbone == nullptr || candidate.name.size() > backbone->name.size())) backbone = &candidate;
  }
  if (backbone == nullptr) return unknown_backbone(arch);
  if (script.empty() && backbone->name == kScript) {
    return invalid_argument("arch: script needs its file: write script:FILE.pt, as in script:vit_small.pt_normalize");
  }
  Arch result{.backbone = backbone->name, .script = script, .several_heads = several_heads};
  std::string_view rest = arch.substr(script.empty() ? backbone->name.size() : kScriptPrefix.size() + script.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the underscore
    const std::string_view word = rest.substr(0, rest.find('_'));
    rest.remove_prefix(word.size());
    const auto& accepted = backbone->modifiers;
    if (std::find(accepted.begin(), accepted.end(), word) == accepted.end()) {
      return unknown("modifier of backbone " + backbone->name, word, accepted);
    }
    if (word == "frozen") result.frozen = true;
    if (word == "normalize") result.normalize = true;
    if (word == "double") result.double_pool = true;
    if (word == "lp2") result.lp2_pool = true;
    if (word == "lp3") result.lp3_pool = true;
    if (word == "he") result.kaiming_head = true;
  }
  return result;
}

Result<MetricName> parse_metric(std::string_view metric) {
  const auto at = metric.find('@');
  OODML_ASSIGN_OR_RETURN(const Component* component, lookup(Kind::kMetric, metric.substr(0, at)));
  MetricName name{.base = component->name};
  const std::string_view suffix = at == std::string_view::npos ? "" : metric.substr(at + 1);
  if (component->takes_k || component->takes_order) {
    const auto parsed = std::from_chars(suffix.data(), suffix.data() + suffix.size(), name.k);
    const std::int64_t least = component->takes_k ? 1 : -1000000;
    const bool is_integer = parsed.ec == std::errc() && parsed.ptr == suffix.data() + suffix.size();
    if (is_integer && name.k >= least && name.k <= 1000000) return name;
    if (component->takes_order && (suffix.ends_with("@embeds") || suffix.ends_with("@avg_features"))) {
      return invalid_argument("metric '" + std::string(beginning_of(metric, 80)) + "' is NIR's name; write " +
                              std::string(beginning_of(metric.substr(0, metric.rfind('@')), 80)) +
                              ", which is measured on every entry of evaluate.embeddings: [embeds, avg_features]");
    }
    return invalid_argument("metric '" + std::string(beginning_of(metric, 80)) + "' needs " +
                            (component->takes_k ? "a k of 1 or more" : "an integer") + ", as in " + component->name +
                            "@1");
  }
  if (!component->variants.empty()) {
    const auto& variants = component->variants;
    if (std::find(variants.begin(), variants.end(), suffix) != variants.end()) {
      name.variant = suffix;
      return name;
    }
    return invalid_argument("metric '" + std::string(beginning_of(metric, 80)) + "' needs one of " + joined(variants) +
                            ", as in " + component->name + "@" + variants.front() + did_you_mean(suffix, variants));
  }
  if (at != std::string_view::npos) {
    return invalid_argument("metric '" + component->name + "' takes no '@" + std::string(beginning_of(suffix, 40)) +
                            "'");
  }
  return name;
}

bool is_list_metric(std::string_view metric) {
  const Result<MetricName> name = parse_metric(metric.substr(0, metric.find('/')));
  return name && name->base == "rho_spectrum" && name->k == 0;
}

std::string beyond_ascii(std::string_view word) {
  const auto found = next_beyond_ascii(beginning_of(word, 80));
  return found ? ", in which " + code_point_name(found->value) + " is no ASCII letter" : "";
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  word = word.substr(0, 64);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    const bool mostly_the_same = 2 * distance <= std::max(word.size(), candidate.size());
    if (mostly_the_same && distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string close = nearest(word, known);
  return close.empty() ? "" : "; did you mean '" + close + "'?";
}

}  // namespace oodml::catalogue
