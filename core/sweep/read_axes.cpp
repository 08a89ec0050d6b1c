#include "core/sweep/read_axes.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/sweep/conditions.h"
#include "core/sweep/keys.h"
#include "core/sweep/number_range.h"
#include "core/sweep/typed_value.h"
#include "core/sweep/usual_checks.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMaxLabel = 100;

/// The two ends of 1..8.
std::optional<std::pair<std::int64_t, std::int64_t>> ends_of(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto low = integer_of(scalar(std::string(text.substr(0, dots)), {}));
  const auto high = integer_of(scalar(std::string(text.substr(dots + 2)), {}));
  if (!low || !high) return std::nullopt;
  return std::pair{*low, *high};
}

/// As a label: the text as written, [100, 200] for a list.
std::string label_of(const Node& node) {
  if (!node.is_list()) return node.text;
  std::vector<std::string> words;
  for (const Node& item : node.items) words.push_back(item.text);
  return "[" + joined(words) + "]";
}

/// An entry with conditions: {value: ..., when: ...} and the other maps that are no rows.
bool is_guarded(const Node& node) {
  return node.is_map() && (node.find("value") != nullptr || (node.find("when") != nullptr && node.entries.size() > 1));
}

}  // namespace

SweepAxis AxisReader::read(const Node::Entry& axis, bool zipped) {
  axis_ = {.name = axis.key, .place = axis.place};
  zipped_ = zipped;
  labels_.clear();
  guard_ = nullptr;
  const std::size_t errors = diagnostics_.count();
  read_values(axis.value);
  if (axis_.entries.empty() && diagnostics_.count() == errors) {
    diagnostics_.error(axis.place, "axis " + axis.key + " is empty; give it one entry or more");
  }
  return std::move(axis_);
}

void AxisReader::read_values(const Node& node) {
  if (node.is_list()) {
    for (const Node& item : node.items) read_value(item);
  } else if (node.is_scalar() || is_number_range(node) || file_named_by(node) != nullptr ||
             (node.is_map() && node.find("name") != nullptr && chosen_kind(axis_.name))) {
    read_value(node);
  } else if (node.is_map() && axis_.name == "seed") {
    read_count(node);
  } else if (node.is_map()) {
    diagnostics_.error(node.place,
                       "axis " + axis_.name + " must be a list of entries, got a map; write `- ` before each");
  }
}

void AxisReader::read_value(const Node& node) {
  const bool is_split = axis_.name == "split" && node.is_scalar();
  if (const Node::Entry* labelled = labelled_entry(node)) return read_labelled(*labelled);
  if (is_guarded(node)) return read_guarded(node);
  if (file_named_by(node) != nullptr) {
    return diagnostics_.error(node.place,
                              "`file:` reads another file, which only the command line can, and only for a sweep that "
                              "is a file itself; submit it with `oodml submit FILE`, which puts the list in");
  }
  if (is_number_range(node)) return read_numbers(node);
  if (node.is_map() && chosen_kind(axis_.name) && node.find("name") != nullptr) return read_component(node);
  if (is_split && node.text == "all") return read_all_splits(node);
  if (is_range(node)) return read_range(node);
  if (node.is_map() || node.is_null()) {
    return diagnostics_.error(node.place, "an entry of axis " + axis_.name +
                                              " is a value, or {label: {key: value, ...}}" +
                                              (chosen_kind(axis_.name) ? ", or {name: ..., its parameters}" : "") +
                                              (takes_numbers() ? ", or {from: ..., to: ..., count: ...}" : "") +
                                              ", or {value: ..., when: {conditions}}, got " + shown(node));
  }
  add({.label = label_of(node), .place = node.place, .settings = {{axis_.name, node.place, &node}}});
}

/// {value: 112, when: {arch: resnet50}}, {name: margin, beta: 1.2, when: ...}, {from: 1, to: 9, step: 2, when: ...}:
/// each entry that it stands for has the guard.
void AxisReader::read_guarded(const Node& map) {
  const Node::Entry* value = map.find("value");
  if (value != nullptr) {
    for (const Node::Entry& entry : map.entries) {
      if (entry.key == "value" || entry.key == "when") continue;
      return diagnostics_.error(entry.place, unknown_word("key beside `value:`", entry.key, {"value", "when"}));
    }
    if (is_guarded(value->value)) {
      return diagnostics_.error(value->value.place, "`value:` has a `when:` of its own; write all conditions into one");
    }
  }
  const Guard* before = guard_;
  if (const Node::Entry* when = map.find("when")) guard_ = read_guard(*when);
  if (value != nullptr) {
    read_value(value->value);
  } else {
    document_.made.push_back(map);
    Node& rest = document_.made.back();
    std::erase_if(rest.entries, [](const Node::Entry& entry) { return entry.key == "when"; });
    read_value(rest);
  }
  guard_ = before;
}

const Guard* AxisReader::read_guard(const Node::Entry& when) {
  if (when.value.is_map() && when.value.entries.empty()) {
    diagnostics_.error(when.place, "`when:` has no condition, as in when: {benchmark: cub200}");
  }
  axis_.guards.push_back(std::make_unique<const Guard>(
      Guard{.place = when.place, .conditions = read_when(when.value, axis_names_, diagnostics_)}));
  return axis_.guards.back().get();
}

/// {r_margin: {criterion: ..., miner: ..., for: [...]}}: without the axis's own key, the label is its value.
void AxisReader::read_labelled(const Node::Entry& entry) {
  AxisEntry result{.label = entry.key, .place = entry.place};
  result.settings = read_settings(entry.value, {"for", "when"}, diagnostics_);
  for (const Setting& setting : result.settings) {
    const bool other_axis = setting.key != axis_.name &&
                            std::find(axis_names_.begin(), axis_names_.end(), setting.key) != axis_names_.end();
    if (other_axis) {
      diagnostics_.error(setting.key_place,
                         setting.key + " is an axis of its own; an entry of axis " + axis_.name + " cannot set it too");
    }
  }
  // A row of an axis of the core that names a program is a label alone: {theirs: {program: reference}}.
  const bool is_of_core = !find_key(axis_.name)->of_program && !catalogue::is_key_of_program_trials(axis_.name);
  const auto own = [&](const Setting& setting) {
    return setting.key == axis_.name ||
           (is_of_core && setting.key == catalogue::kProgramKey && setting.value->text != catalogue::kNoProgram);
  };
  if (std::none_of(result.settings.begin(), result.settings.end(), own)) {
    document_.made.push_back(scalar(entry.key, entry.place));
    result.settings.push_back({axis_.name, entry.place, &document_.made.back()});
  }
  if (const Node::Entry* overrides = entry.value.find("for")) {
    result.overrides = read_overrides(overrides->value, axis_names_, diagnostics_);
  }
  if (const Node::Entry* when = entry.value.find("when")) {
    if (guard_ != nullptr)
      diagnostics_.error(when->place, "the row has a `when:` already; write all conditions into one");
    result.guard = read_guard(*when);
  }
  add(std::move(result));
}

/// {name: margin, beta: 1.2}, labelled margin(beta=1.2).
void AxisReader::read_component(const Node& map) {
  document_.made.emplace_back();
  Node& wrapper = document_.made.back();
  wrapper.kind = Node::Kind::kMap;
  wrapper.place = map.place;
  wrapper.entries.push_back({axis_.name, map.place, map});
  AxisEntry entry{.place = map.place, .settings = read_settings(wrapper, {}, diagnostics_)};
  std::vector<std::string> parameters;
  for (const Node::Entry& part : map.entries) {
    if (part.key == "name") {
      entry.label = part.value.text;
    } else {
      parameters.push_back(part.key + "=" + label_of(part.value));
    }
  }
  if (!parameters.empty()) entry.label += "(" + joined(parameters) + ")";
  add(std::move(entry));
}

/// {count: 5, first: 10}: 10, 11, 12, 13, 14.
void AxisReader::read_count(const Node& map) {
  std::int64_t count = 0, first = 0;
  bool good = true;
  for (const Node::Entry& entry : map.entries) {
    const auto value = integer_of(entry.value);
    if (entry.key != "count" && entry.key != "first") {
      diagnostics_.error(entry.place, unknown_word("key", entry.key, {"count", "first"}));
      good = false;
    } else if (!value || *value < (entry.key == "count" ? 1 : 0) || *value > (std::int64_t{1} << 53)) {
      diagnostics_.error(entry.value.place, "seed." + entry.key + " must be an integer, " +
                                                (entry.key == "count" ? "1" : "0") + " or more, got " +
                                                shown(entry.value));
      good = false;
    } else {
      (entry.key == "count" ? count : first) = *value;
    }
  }
  if (!good) return;
  if (count == 0) {
    return diagnostics_.error(map.place, "seed needs `count`, as in seed: {count: 5}, or a list of seeds");
  }
  for (std::int64_t i = 0; i < count && budget_.left > 0; ++i) add_made(std::to_string(first + i), map.place, false);
}

bool AxisReader::is_range(const Node& node) const {
  if (!node.is_scalar() || node.quoted || !ends_of(node.text)) return false;
  const auto* key = catalogue::find_trial_key(axis_.name);
  return axis_.name == "split" || (key != nullptr && key->type == catalogue::ValueType::kInteger);
}

void AxisReader::read_range(const Node& node) {
  const auto [low, high] = *ends_of(node.text);
  if (low > high) {
    return diagnostics_.error(node.place, "the range " + node.text + " is empty; write the smaller number first");
  }
  for (std::int64_t value = low; budget_.left > 0; ++value) {
    add_made(std::to_string(value), node.place, false);
    if (value == high) break;
  }
}

bool AxisReader::takes_numbers() const {
  const auto key = find_key(axis_.name);
  if (!key || axis_.name == "split") return axis_.name == "split";
  if (key->trial_key == nullptr) return !key->parameter.empty();  // of which type, the component chosen says
  using enum catalogue::ValueType;
  const auto type = key->trial_key->type;
  return type == kInteger || type == kNumber || type == kIntegers || type == kNumbers;
}

/// {from: 1e-5, to: 1e-3, count: 5, scale: log}.
void AxisReader::read_numbers(const Node& map) {
  if (!takes_numbers()) {
    return diagnostics_.error(map.place, "axis " + axis_.name + " takes no range: its values are no numbers");
  }
  const auto texts = number_range(map, budget_.left, diagnostics_);
  if (!texts) return;
  for (const std::string& text : *texts) add_made(text, map.place, false);
}

void AxisReader::read_all_splits(const Node& node) {
  if (zipped_) {
    return diagnostics_.error(node.place, "split: all has another length for each benchmark; list the ids in `zip:`");
  }
  std::vector<std::string> ids;
  std::set<std::string> had;
  std::string why = "no benchmark is named";
  for (const std::string& benchmark : all_splits_.benchmarks) {
    for (const auto& known : split_ids_of(benchmark)) {
      if (!known) why = known.error().message();
      for (const std::string& id : known ? *known : std::vector<std::string>()) {
        if (had.insert(id).second) ids.push_back(id);
      }
    }
  }
  if (ids.empty()) {
    return diagnostics_.error(node.place, "split: all needs the ids of the benchmark's splits, which are not known: " +
                                              why + "; or list them: split: [1, 2]");
  }
  for (const std::string& id : ids) add_made(id, node.place, true);
}

/// Of a benchmark that the catalogue knows its own, else those of each split file that its trials may name.
std::vector<Result<std::vector<std::string>>> AxisReader::split_ids_of(const std::string& benchmark) {
  if (const auto* known = catalogue::find(catalogue::Kind::kBenchmark, benchmark)) return {known->split_ids};
  std::vector<Result<std::vector<std::string>>> ids;
  for (const std::string& file : all_splits_.files) {
    if (!is_benchmark_name(benchmark) || !stays_inside(file)) continue;  // reported where the trial is built
    auto [place, is_new] = document_.split_ids.try_emplace({benchmark, file}, std::vector<std::string>());
    if (is_new && all_splits_.ids) place->second = all_splits_.ids(benchmark, file);
    if (is_new && !all_splits_.ids)
      place->second = not_found("the catalogue does not know benchmark '" + benchmark + "'");
    ids.push_back(place->second);
  }
  return ids;
}

void AxisReader::add_made(std::string text, const Place& place, bool where_known) {
  document_.made.push_back(scalar(text, place));
  add({.label = std::move(text),
       .place = place,
       .settings = {{axis_.name, place, &document_.made.back()}},
       .where_known = where_known});
}

void AxisReader::add(AxisEntry entry) {
  if (budget_.left == 0) return;
  if (entry.guard == nullptr) entry.guard = guard_;
  if (--budget_.left == 0) {
    diagnostics_.error(entry.place, "the axes have more than " + std::to_string(budget_.limit) +
                                        " entries by here, the most trials of a sweep");
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (entry.label.empty() || entry.label.size() > kMaxLabel ||
      std::any_of(entry.label.begin(), entry.label.end(), is_control)) {
    return diagnostics_.error(entry.place, "a label has 1 to " + std::to_string(kMaxLabel) +
                                               " bytes without control characters; give this entry one: {label: {" +
                                               axis_.name + ": ...}}");
  }
  if (const auto [first, is_new] = labels_.emplace(entry.label, entry.place); !is_new) {
    return diagnostics_.error(entry.place, "axis " + axis_.name + " has two entries '" + entry.label +
                                               "', the first at " + diagnostics_.text_of(first->second) +
                                               "; give one a label of its own");
  }
  check_settings(entry.settings, diagnostics_);
  axis_.entries.push_back(std::move(entry));
}

}  // namespace oodml::sweep
