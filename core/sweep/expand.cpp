#include "core/sweep/expand.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/splits/split_file_name.h"
#include "core/sweep/build_trial.h"
#include "core/sweep/conditions.h"
#include "core/sweep/group_name.h"
#include "core/sweep/keys.h"

namespace oodml::sweep {
namespace {

using Labels = std::map<std::string, std::string>;  // axis -> label

/// a * b, or the limit's next when it would be more; a, b >= 0.
std::int64_t bounded_product(std::int64_t a, std::int64_t b, std::int64_t limit) {
  return b != 0 && a > limit / b ? limit + 1 : a * b;
}

/// "benchmark 3 x split 9 x seed 5".
std::string product_text(const Block& block) {
  std::string text;
  for (const Dimension& dimension : block.dimensions) {
    text += text.empty() ? "" : " x ";
    for (const SweepAxis& axis : dimension.axes) text += (&axis == &dimension.axes.front() ? "" : "+") + axis.name;
    text += " " + std::to_string(dimension.size());
  }
  return text;
}

void check_product(const SweepDocument& document, const Limits& limits, Diagnostics& diagnostics) {
  std::int64_t total = 0;
  std::string text;
  for (const Block& block : document.blocks) {
    std::int64_t product = 1;
    for (const Dimension& dimension : block.dimensions) {
      product = bounded_product(product, static_cast<std::int64_t>(dimension.size()), limits.max_trials);
    }
    total = std::min(total + product, limits.max_trials + 1);
    if (text.size() < 1000) text += (text.empty() ? "" : " + ") + product_text(block);
  }
  if (total > limits.max_trials) {
    diagnostics.error(document.blocks.front().place, "the sweep has more than " + std::to_string(limits.max_trials) +
                                                         " trials, the most that is accepted: " + text);
  }
}

class Expander {
 public:
  Expander(const SweepDocument& document, job::SweepPlan& plan, Diagnostics& diagnostics)
      : document_(document), plan_(plan), diagnostics_(diagnostics) {}

  void expand() {
    for (const Block& block : document_.blocks) {
      add_axes(block);
      expand_block(block);
    }
    if (diagnostics_.any()) return;
    if (!groups_.labels.empty()) plan_.axes.push_back(groups_);
    if (plan_.trials.empty()) {  // and so no setting can have an effect
      return diagnostics_.error(document_.blocks.front().place,
                                "no trial is left: `exclude:` and `when:` leave out all of them");
    }
    refuse_unused_settings();
  }

 private:
  void add_axes(const Block& block) {
    for (const Dimension& dimension : block.dimensions) {
      for (const SweepAxis& axis : dimension.axes) {
        auto known =
            std::find_if(plan_.axes.begin(), plan_.axes.end(), [&](const auto& a) { return a.name == axis.name; });
        if (known == plan_.axes.end()) known = plan_.axes.insert(known, {.name = axis.name, .labels = {}});
        std::set<std::string>& labels = labels_of_axes_[axis.name];
        for (const AxisEntry& entry : axis.entries) {
          if (labels.insert(entry.label).second) known->labels.push_back(entry.label);
        }
      }
    }
  }

  /// Counts through the product like an odometer: the last dimension turns fastest.
  void expand_block(const Block& block) {
    std::vector<std::size_t> at(block.dimensions.size(), 0);
    while (!diagnostics_.full()) {
      add_trial(block, combination(block, at));
      std::size_t turned = at.size();
      while (turned > 0 && ++at[turned - 1] == block.dimensions[turned - 1].size()) at[--turned] = 0;
      if (turned == 0) break;
    }
  }

  Combination combination(const Block& block, const std::vector<std::size_t>& at) const {
    Combination result;
    result.settings.add(document_.trial, Layer::kTrial);
    result.settings.add(block.trial, Layer::kBlock);
    result.settings.add(document_.command_line, Layer::kCommandLine);
    for (std::size_t i = 0; i < at.size(); ++i) {
      for (const SweepAxis& axis : block.dimensions[i].axes) {
        result.entries.emplace_back(&axis, &axis.entries[at[i]]);
        result.settings.add(axis.entries[at[i]].settings, Layer::kRow);
      }
    }
    return result;
  }

  void add_trial(const Block& block, Combination combination) {
    if (!has_its_split(combination)) return;
    apply(document_.overrides, combination);
    apply(block.overrides, combination);
    for (const auto& [axis, entry] : combination.entries) apply(entry->overrides, combination);
    if (is_guarded_off(combination)) return;
    const auto excludes = [&](const Exclusion& exclusion) { return matches(exclusion.conditions, combination); };
    if (std::any_of(document_.exclusions.begin(), document_.exclusions.end(), excludes)) return;
    if (std::any_of(block.exclusions.begin(), block.exclusions.end(), excludes)) return;

    auto spec = build_trial(combination.settings, block.place, diagnostics_, &used_);
    auto labels = labels_of(combination);
    const auto [cell, is_new] = cells_.try_emplace(labels, plan_.trials.size());
    if (!spec || (!is_new && !is_cell_of(*spec, cell->second, block, labels))) return;
    if (!is_new || !add_group(combination, *spec, labels) || diagnostics_.any()) return;
    std::string print = fingerprint(*spec);
    plan_.trials.push_back({std::move(*spec), std::move(print), std::move(labels)});
  }

  /// Whether the trial at `index` is the same as `spec`: blocks that overlap share their trials.
  bool is_cell_of(const job::TrialSpec& spec, std::size_t index, const Block& block, const Labels& labels) {
    if (index >= plan_.trials.size()) return true;  // an earlier error kept that one out
    const job::PlannedTrial& earlier = plan_.trials[index];
    if (earlier.fingerprint == fingerprint(spec)) return true;
    diagnostics_.error(block.place, "two blocks have a trial " + text_of(labels) + ", and they differ in " +
                                        difference(earlier.spec, spec) +
                                        "; give their entries other labels, or make them equal: equal ones are one");
    return false;
  }

  /// "epochs (1 and 2), lr (0.1 and 0.2)", three at most.
  static std::string difference(const job::TrialSpec& one, const job::TrialSpec& other) {
    std::map<std::string, std::pair<std::string, std::string>> differ;
    for (const auto& [key, value] : one.values) {
      const Value* its = other.values.find(key);
      if (its == nullptr || *its != value) differ[key] = {to_display_text(value), its ? to_display_text(*its) : "none"};
    }
    for (const auto& [key, value] : other.values) {
      if (!one.values.has(key)) differ[key] = {"none", to_display_text(value)};
    }
    differ.erase(job::kGroupAxis);
    std::vector<std::string> texts;
    for (const auto& [key, values] : differ) {
      if (texts.size() < 3) texts.push_back(key + " (" + values.first + " and " + values.second + ")");
    }
    return joined(texts);
  }

  static bool is_guarded_off(const Combination& combination) {
    return std::ranges::any_of(combination.entries, [&](const auto& chosen) {
      const Guard* guard = chosen.second->guard;
      return guard != nullptr && !matches(guard->conditions, combination);
    });
  }

  /// What the trial says of its group, with the labels of its axes put in, becomes a label too.
  bool add_group(const Combination& combination, job::TrialSpec& spec, Labels& labels) {
    const auto* held = combination.settings.find(job::kGroupAxis);
    if (held == nullptr || spec.values.text(job::kGroupAxis).empty()) return true;
    const auto name = group_name(spec.values.text(job::kGroupAxis), labels);
    if (!name) {
      diagnostics_.error(held->setting->value->place, name.error().message());
      return false;
    }
    spec.values.set(job::kGroupAxis, *name);
    labels.emplace(job::kGroupAxis, *name);
    if (seen_groups_.insert(*name).second) groups_.labels.push_back(*name);
    return true;
  }

  /// False for an id that `split: all` brought in for another benchmark.
  bool has_its_split(const Combination& combination) {
    for (const auto& [axis, entry] : combination.entries) {
      if (!entry->where_known) continue;
      const auto* held = combination.settings.find("benchmark");
      if (held == nullptr) continue;  // reported by build_trial
      const std::string& name = held->setting->value->text;
      const Result<std::set<std::string>>& ids = split_ids_of(name, combination);
      if (!ids) {
        diagnostics_.error(entry->place, "split: all needs the ids of benchmark '" + name +
                                             "': " + ids.error().message() + "; or list them: split: [1, 2]");
        return false;
      }
      if (!ids->contains(entry->label)) return false;
    }
    return true;
  }

  /// Asked for each trial, so what was found is kept.
  const Result<std::set<std::string>>& split_ids_of(const std::string& name, const Combination& combination) {
    const auto* held = combination.settings.find("split_file");
    const std::string file = held == nullptr ? splits::kUsualSplitFile : held->setting->value->text;
    const auto [place, is_new] = split_ids_.try_emplace({name, file}, std::set<std::string>());
    if (!is_new) return place->second;
    const auto* known = catalogue::find(catalogue::Kind::kBenchmark, name);
    const auto found = document_.split_ids.find({name, file});
    if (known != nullptr) {
      place->second = std::set(known->split_ids.begin(), known->split_ids.end());
    } else if (found == document_.split_ids.end()) {
      place->second = not_found("'" + name + "' with split file '" + file + "' cannot be looked for");
    } else if (!found->second) {
      place->second = failure(found->second.error());
    } else {
      place->second = std::set(found->second->begin(), found->second->end());
    }
    return place->second;
  }

  static void apply(const std::vector<Override>& overrides, Combination& combination) {
    for (const Override& override_ : overrides) {
      if (matches(override_.conditions, combination)) combination.settings.add(override_.settings, Layer::kOverride);
    }
  }

  static Labels labels_of(const Combination& combination) {
    Labels labels;
    for (const auto& [axis, entry] : combination.entries) labels.emplace(axis->name, entry->label);
    return labels;
  }

  static std::string text_of(const Labels& labels) {
    std::string text;
    for (const auto& [axis, label] : labels) text += (text.empty() ? "" : ", ") + axis + " " + label;
    return "'" + text + "'";
  }

  /// A --set that changes nothing, and a shared parameter that no component has, are mistakes.
  void refuse_unused_settings() {
    for (const Setting& setting : document_.command_line) {
      if (!used_.contains(&setting)) {
        diagnostics_.error(setting.key_place, "has no effect: each trial gets its " + setting.key +
                                                  " from an axis or a row of the sweep, or takes none");
      }
    }
    refuse_unknown_parameters(document_.trial);
    for (const Block& block : document_.blocks) refuse_unknown_parameters(block.trial);
  }

  void refuse_unknown_parameters(const std::vector<Setting>& settings) {
    for (const Setting& setting : settings) {
      if (!used_.contains(&setting) && !some_trial_has(setting.key)) {
        diagnostics_.error(setting.key_place, setting.key + " has no effect: " + why_unused(setting.key));
      }
    }
  }

  /// Every trial of the core takes each key that is no component's.
  static std::string why_unused(const std::string& key) {
    const auto known = find_key(key);
    if (known && known->of_program) return "no program runs a trial; name one with `program:`";
    if (known && known->component) return "no trial has a component with it";
    return "programs run all trials, and take their parameters below `params:`";
  }

  /// Many blocks may share a key that few trials have, so the answer is kept.
  bool some_trial_has(const std::string& key) {
    const auto [known, is_new] = had_by_a_trial_.try_emplace(key);
    const auto has_it = [&](const job::PlannedTrial& trial) { return trial.spec.values.has(key); };
    if (is_new) known->second = std::any_of(plan_.trials.begin(), plan_.trials.end(), has_it);
    return known->second;
  }

  const SweepDocument& document_;
  job::SweepPlan& plan_;
  Diagnostics& diagnostics_;
  std::set<const Setting*> used_;
  std::map<Labels, std::size_t> cells_;                          ///< Which trial of the plan has them.
  std::map<std::string, std::set<std::string>> labels_of_axes_;  ///< Those of plan_.axes again.
  std::map<std::pair<std::string, std::string>, Result<std::set<std::string>>> split_ids_;  ///< Benchmark, split file.
  std::map<std::string, bool> had_by_a_trial_;                                              ///< By key.
  job::Axis groups_{.name = job::kGroupAxis, .labels = {}};
  std::set<std::string> seen_groups_;
};

}  // namespace

void expand(const SweepDocument& document, const Limits& limits, job::SweepPlan& plan, Diagnostics& diagnostics) {
  for (const Block& block : document.blocks) {
    for (const Dimension& dimension : block.dimensions) {
      for (const SweepAxis& axis : dimension.axes) {
        if (axis.entries.size() != dimension.size() || axis.entries.empty()) {
          return;  // reported; no product to speak of
        }
      }
    }
  }
  if (document.blocks.empty()) return;
  const std::size_t errors = diagnostics.count();
  check_product(document, limits, diagnostics);
  if (diagnostics.count() > errors) return;
  Expander(document, plan, diagnostics).expand();
}

}  // namespace oodml::sweep
