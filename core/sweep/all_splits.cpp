#include "core/sweep/all_splits.h"

#include <algorithm>

#include "core/splits/split_file_name.h"

namespace oodml::sweep {
namespace {

using Words = std::vector<std::string>;

/// The settings that stand for every trial of a block under `key`.
std::vector<const Node*> shared_values(std::string_view key, const Block& block, const SweepDocument& document) {
  std::vector<const Node*> values;
  for (const auto* settings : {&document.trial, &block.trial, &document.command_line}) {
    for (const Setting& setting : *settings) {
      if (setting.key == key) values.push_back(setting.value);
    }
  }
  return values;
}

void add_benchmark(const Node& value, Words& names) {
  if (value.is_scalar()) names.push_back(value.text);
  if (value.is_map() && !value.entries.empty()) {
    if (const auto* guarded = value.find("value")) return add_benchmark(guarded->value, names);
    if (const auto* name = value.find("name")) return add_benchmark(name->value, names);
    const Node::Entry* inner = value.entries.front().value.find("benchmark");
    names.push_back(inner != nullptr ? inner->value.text : value.entries.front().key);
  }
}

void add_benchmarks_of_axis(const Node& axes, Words& names) {
  const Node::Entry* axis = axes.find("benchmark");
  if (axis == nullptr) return;
  add_benchmark(axis->value, names);
  for (const Node& item : axis->value.items) add_benchmark(item, names);
}

/// What `benchmark` may be in a block.
Words benchmarks_of(const Node& map, const Block& block, const SweepDocument& document) {
  Words names;
  if (const auto* matrix = map.find("matrix")) add_benchmarks_of_axis(matrix->value, names);
  if (const auto* zip = map.find("zip")) {
    for (const Node* group : zip_groups(zip->value)) add_benchmarks_of_axis(*group, names);
  }
  if (!names.empty()) return names;
  for (const Node* value : shared_values("benchmark", block, document)) add_benchmark(*value, names);
  return names;
}

void add_texts(const Node& node, Words& texts) {
  if (node.is_scalar() && std::find(texts.begin(), texts.end(), node.text) == texts.end()) texts.push_back(node.text);
  for (const Node& item : node.items) add_texts(item, texts);
}

void add_split_files(const Node& node, Words& files) {
  for (const Node& item : node.items) add_split_files(item, files);
  for (const Node::Entry& entry : node.entries) {
    if (entry.key == "split_file") add_texts(entry.value, files);
    add_split_files(entry.value, files);
  }
}

/// Every split file that a trial of a block may have: what is named anywhere in it, and the usual one.
Words split_files_of(const Node& map, const Block& block, const SweepDocument& document) {
  Words files = {splits::kUsualSplitFile};
  for (const Node* value : shared_values("split_file", block, document)) add_texts(*value, files);
  for (const char* word : {"matrix", "zip", "for"}) {
    if (const auto* entry = map.find(word)) add_split_files(entry->value, files);
  }
  return files;
}

}  // namespace

std::vector<const Node*> zip_groups(const Node& zip) {
  if (!zip.is_list()) return {&zip};
  std::vector<const Node*> groups;
  for (const Node& group : zip.items) groups.push_back(&group);
  return groups;
}

AllSplits all_splits_of(const Node& map, const Block& block, const SweepDocument& document, const SplitIds& ids) {
  return {benchmarks_of(map, block, document), split_files_of(map, block, document), ids};
}

}  // namespace oodml::sweep
