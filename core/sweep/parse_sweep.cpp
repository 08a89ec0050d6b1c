#include "core/sweep/parse_sweep.h"

#include <algorithm>

#include "core/base/code_point.h"
#include "core/job/sweep_plan.h"
#include "core/sweep/all_splits.h"
#include "core/sweep/conditions.h"
#include "core/sweep/keys.h"
#include "core/sweep/program_trial.h"
#include "core/sweep/read_axes.h"
#include "core/sweep/typed_value.h"
#include "core/sweep/yaml_reader.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMaxRules = 1000;  // of for:, exclude: and when: together; each is asked for each trial
constexpr std::size_t kMaxName = 100;
constexpr std::int64_t kLargestLimit = 1'000'000;

using Words = std::vector<std::string>;

/// A value as messages show it beside its key; one out of a file may be long.
std::string one_line(std::string_view value) {
  constexpr std::size_t kMost = 60;
  std::string text(beginning_of(value.substr(0, value.find('\n')), kMost));
  if (text.size() < value.size()) text += "...";
  return text;
}

bool is_sweep_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

/// Commands would take such a name for the id of another sweep.
bool reads_as_id(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class SweepParser {
 public:
  SweepParser(const ExpandOptions& options, SweepDocument& document, Diagnostics& diagnostics)
      : options_(options),
        document_(document),
        diagnostics_(diagnostics),
        budget_{options.limits.max_trials, options.limits.max_trials} {}

  void parse() {
    if (is_of_another_version()) return;  // what its other words mean is not known here
    check_words();
    read_head();
    document_.trial = read_trial(document_.root);
    read_command_line();
    read_blocks();
    read_rules(document_.root, all_axis_names_, document_.overrides, document_.exclusions);
    check_all_conditions();
    if (budget_.left == 0) document_.blocks.clear();  // reported; nothing that is worth multiplying out
  }

 private:
  bool is_of_another_version() {
    const auto* version = document_.root.find("version");
    const auto number = version == nullptr ? std::nullopt : integer_of(version->value);
    if (!number || *number == 1) return false;
    diagnostics_.error(version->value.place, "version must be 1, got " + shown(version->value) +
                                                 "; this program reads version 1 only" +
                                                 (*number > 1 ? ", a newer one may know this" : ""));
    return true;
  }

  void check_words() {
    static const Words kWords = {"version", "name", "description", "max_parallel", "max_failures", "trial",
                                 "matrix",  "zip",  "blocks",      "for",          "exclude"};
    for (const Node::Entry& entry : document_.root.entries) {
      if (std::find(kWords.begin(), kWords.end(), entry.key) != kWords.end()) continue;
      if (entry.key == "extends") {
        diagnostics_.error(entry.place,
                           "`extends:` reads another file, which only the command line can; submit the "
                           "sweep with `oodml submit`, which puts the files together");
      } else if (find_key(entry.key) || is_key_group(entry.key)) {
        diagnostics_.error(entry.place, "key '" + entry.key + "' belongs below `trial:` or `matrix:`");
      } else {
        diagnostics_.error(entry.place, unknown_word("key", entry.key, kWords));
      }
    }
  }

  void read_head() {
    const Node& root = document_.root;
    const Place start{.line = 1, .column = 1};
    if (const auto* version = root.find("version"); version == nullptr) {
      diagnostics_.error(start, "`version: 1` is missing");
    } else if (integer_of(version->value) != 1) {
      diagnostics_.error(version->value.place, "version must be 1, got " + shown(version->value));
    }
    if (const auto* name = root.find("name"); name == nullptr) {
      diagnostics_.error(start, "`name:` is missing");
    } else if (!name->value.is_scalar() || !is_sweep_name(name->value.text)) {
      diagnostics_.error(name->value.place,
                         "name must be 1 to 100 of a to z, 0 to 9, '.', '_' and '-', got " + shown(name->value));
    } else if (reads_as_id(name->value.text)) {
      diagnostics_.error(name->value.place,
                         "name must hold more than digits, which are ids of sweeps, got " + shown(name->value));
    } else {
      document_.name = name->value.text;
    }
    const auto* description = root.find("description");
    if (description != nullptr && !description->value.is_scalar()) {
      diagnostics_.error(description->value.place, "description must be a text, got " + shown(description->value));
    }
    document_.max_parallel = read_limit("max_parallel");
    document_.max_failures = read_limit("max_failures");
  }

  /// 0 when it is not said.
  std::int64_t read_limit(const char* word) {
    const auto* limit = document_.root.find(word);
    if (limit == nullptr) return 0;
    const auto number = integer_of(limit->value);
    if (number && *number >= 1 && *number <= kLargestLimit) return *number;
    diagnostics_.error(limit->value.place, std::string(word) + " must be an integer, from 1 to " +
                                               std::to_string(kLargestLimit) + ", got " + shown(limit->value));
    return 0;
  }

  std::vector<Setting> read_trial(const Node& map) {
    const Node::Entry* trial = map.find("trial");
    if (trial == nullptr || trial->value.is_null()) return {};
    if (!trial->value.is_map()) {
      const std::string colon = missing_space(trial->value.text);
      diagnostics_.error(trial->value.place, "`trial:` must be a map of keys and values, got " + shown(trial->value) +
                                                 (colon.empty() ? "" : "; " + colon));
      return {};
    }
    std::vector<Setting> settings = read_settings(trial->value, {}, diagnostics_);
    check_settings(settings, diagnostics_);
    return settings;
  }

  void read_command_line() {
    for (const auto& [key, value] : options_.settings) {
      document_.named.push_back("--set " + key + "=" + one_line(value));
      const Place place{.named = &document_.named.back()};
      const auto node = read_yaml_value(value, place, diagnostics_);
      if (!node) continue;
      document_.made.emplace_back();
      Node& map = document_.made.back();
      map.kind = Node::Kind::kMap;
      map.entries.push_back({key, place, *node});
      for (Setting& setting : read_settings(map, {}, diagnostics_)) {
        std::erase_if(document_.command_line, [&](const Setting& earlier) { return earlier.key == setting.key; });
        document_.command_line.push_back(std::move(setting));
      }
    }
    check_settings(document_.command_line, diagnostics_);
  }

  void read_blocks() {
    const Node& root = document_.root;
    const Node::Entry* blocks = root.find("blocks");
    if (blocks == nullptr) {
      read_block(root, true);
      return;
    }
    for (const char* word : {"matrix", "zip"}) {
      if (const auto* entry = root.find(word)) {
        diagnostics_.error(entry->place, std::string("`") + word + ":` stands beside `blocks:`; move it into a block");
      }
    }
    if (!blocks->value.is_list() || blocks->value.items.empty()) {
      diagnostics_.error(blocks->value.place, "`blocks:` must be a list of one matrix or more, got " +
                                                  (blocks->value.is_list() ? "an empty one" : shown(blocks->value)));
      return;
    }
    for (const Node& block : blocks->value.items) {
      if (block.is_map()) {
        check_block_words(block);
        read_block(block, false);
      } else {
        diagnostics_.error(block.place, "a block is a map with `matrix:`, got " + shown(block));
      }
    }
  }

  void check_block_words(const Node& map) {
    static const Words kWords = {"trial", "matrix", "zip", "for", "exclude"};
    for (const Node::Entry& entry : map.entries) {
      if (std::find(kWords.begin(), kWords.end(), entry.key) == kWords.end()) {
        diagnostics_.error(entry.place, unknown_word("key of a block", entry.key, kWords));
      }
    }
  }

  void read_block(const Node& map, bool is_whole_sweep) {
    document_.blocks.emplace_back();
    Block& block = document_.blocks.back();
    const Node::Entry* matrix = map.find("matrix");
    block.place = matrix == nullptr ? map.place : matrix->place;
    const Words names = axis_names(map);
    for (const std::string& name : names) {
      const bool is_known = std::find(all_axis_names_.begin(), all_axis_names_.end(), name) != all_axis_names_.end();
      if (!is_known) all_axis_names_.push_back(name);
    }
    if (!is_whole_sweep) block.trial = read_trial(map);
    const AllSplits all_splits = all_splits_of(map, block, document_, options_.split_ids);
    AxisReader reader(names, all_splits, document_, budget_, diagnostics_);
    for (const Node::Entry& entry : map.entries) {  // the axes' order is the file's
      if (entry.key == "matrix") read_matrix(entry.value, reader, block);
      if (entry.key == "zip") read_zip(entry.value, reader, block);
    }
    if (!is_whole_sweep) read_rules(map, names, block.overrides, block.exclusions);
  }

  /// The names below matrix: and zip:, each checked.
  Words axis_names(const Node& map) {
    Words names;
    const auto add = [&](const Node& axes, const char* word) {
      if (!axes.is_map()) {
        diagnostics_.error(axes.place, std::string("`") + word + ":` must be a map of axes, got " + shown(axes));
      }
      for (const Node::Entry& axis : axes.entries) {
        if (!find_key(axis.key)) {
          report_unknown_key(axis.key, axis.place, {}, diagnostics_);
        } else if (axis.key == job::kGroupAxis) {
          diagnostics_.error(axis.place,
                             "group is made of the labels of the axes and is none itself; set it in `trial:`, "
                             "a row or `for:`");
        } else if (std::find(names.begin(), names.end(), axis.key) != names.end()) {
          diagnostics_.error(axis.place, axis.key + " is an axis already");
        } else {
          names.push_back(axis.key);
        }
      }
    };
    if (const auto* matrix = map.find("matrix")) add(matrix->value, "matrix");
    if (const auto* zip = map.find("zip")) {
      for (const Node* group : zip_groups(zip->value)) add(*group, "zip");
    }
    return names;
  }

  void read_matrix(const Node& matrix, AxisReader& reader, Block& block) {
    if (matrix.is_map() && matrix.entries.empty()) diagnostics_.error(matrix.place, "`matrix:` is empty");
    for (const Node::Entry& axis : matrix.entries) {
      if (!find_key(axis.key)) continue;
      Dimension dimension;
      dimension.axes.push_back(reader.read(axis, false));
      block.dimensions.push_back(std::move(dimension));
    }
  }

  void read_zip(const Node& zip, AxisReader& reader, Block& block) {
    for (const Node* group : zip_groups(zip)) {
      Dimension dimension;
      std::string lengths;
      bool equal = true;
      for (const Node::Entry& axis : group->entries) {
        if (!find_key(axis.key)) continue;
        dimension.axes.push_back(reader.read(axis, true));
        const std::size_t length = dimension.axes.back().entries.size();
        lengths += (lengths.empty() ? "" : ", ") + axis.key + " has " + std::to_string(length);
        equal = equal && length == dimension.size();
      }
      if (!equal) {
        diagnostics_.error(group->place, "the axes of `zip:` must have as many entries as one another: " + lengths);
      }
      if (dimension.axes.empty()) {
        if (group->is_map()) diagnostics_.error(group->place, "`zip:` has no axes");
      } else {
        block.dimensions.push_back(std::move(dimension));
      }
    }
  }

  void read_rules(const Node& map, const Words& names, std::vector<Override>& overrides,
                  std::vector<Exclusion>& exclusions) {
    if (const auto* entry = map.find("for")) overrides = read_overrides(entry->value, names, diagnostics_);
    if (const auto* entry = map.find("exclude")) exclusions = read_exclusions(entry->value, names, diagnostics_);
  }

  void check_all_conditions() {
    std::size_t rules = 0;
    const auto check = [&](const auto& list, const std::vector<const Block*>& blocks) {
      rules += list.size();
      for (const auto& rule : list) check_conditions(rule.conditions, blocks, diagnostics_);
    };
    std::vector<const Block*> all;
    for (const Block& block : document_.blocks) all.push_back(&block);
    check(document_.overrides, all);
    check(document_.exclusions, all);
    for (const Block& block : document_.blocks) {
      check(block.overrides, {&block});
      check(block.exclusions, {&block});
      for (const Dimension& dimension : block.dimensions) {
        for (const SweepAxis& axis : dimension.axes) {
          for (const AxisEntry& entry : axis.entries) check(entry.overrides, {&block});
          rules += axis.guards.size();
          for (const auto& guard : axis.guards) check_conditions(guard->conditions, {&block}, diagnostics_);
        }
      }
    }
    if (rules > kMaxRules) {
      diagnostics_.error({.line = 1, .column = 1}, std::to_string(rules) +
                                                       " entries of `for:`, `exclude:` and `when:`; the most is " +
                                                       std::to_string(kMaxRules));
    }
  }

  const ExpandOptions& options_;
  SweepDocument& document_;
  Diagnostics& diagnostics_;
  EntryBudget budget_;
  Words all_axis_names_;
};

}  // namespace

const SweepAxis* Block::find_axis(std::string_view name) const {
  for (const Dimension& dimension : dimensions) {
    for (const SweepAxis& axis : dimension.axes) {
      if (axis.name == name) return &axis;
    }
  }
  return nullptr;
}

void parse_sweep(std::string_view yaml, const ExpandOptions& options, SweepDocument& document,
                 Diagnostics& diagnostics) {
  auto root = read_yaml(yaml, options.limits.max_bytes, diagnostics);
  if (!root) return;
  document.root = std::move(*root);
  unfold_params(document.root);
  SweepParser(options, document, diagnostics).parse();
}

}  // namespace oodml::sweep
