#include "core/commands/map_splits/chosen_splits.h"

#include <algorithm>
#include <set>

#include "core/base/printable.h"

namespace oodml::commands {
namespace {

using NameSet = std::set<std::string>;

/// The training classes that the benchmark's own rule gives.
NameSet default_training_classes(const splits::SplitFile& file, const data::Benchmark* benchmark) {
  if (benchmark != nullptr) return {benchmark->default_train.begin(), benchmark->default_train.end()};
  NameSet all;
  for (const splits::Split& split : file.splits) {
    all.insert(split.train.begin(), split.train.end());
    all.insert(split.test.begin(), split.test.end());
  }
  return {all.begin(), std::next(all.begin(), static_cast<std::ptrdiff_t>(all.size() / 2))};
}

std::vector<ChosenSplit> easy_default_and_hard(const splits::SplitFile& file, const NameSet& default_train) {
  const auto is_default = [&](const splits::Split& split) {
    return NameSet(split.train.begin(), split.train.end()) == default_train;
  };
  std::vector<ChosenSplit> chosen;
  for (std::size_t i = 0; i < file.splits.size(); ++i) {
    const splits::Split& split = file.splits[i];
    if (is_default(split)) {
      chosen.push_back({split, "default"});
    } else if (i == 0 || i + 1 == file.splits.size()) {
      chosen.push_back({split, i == 0 ? "easy" : "hard"});
    }
  }
  return chosen;
}

}  // namespace

Result<std::vector<ChosenSplit>> choose_splits(const splits::SplitFile& file, const std::vector<std::string>& ids,
                                               const data::Benchmark* benchmark) {
  const NameSet default_train = default_training_classes(file, benchmark);
  if (ids.empty()) return easy_default_and_hard(file, default_train);
  std::vector<ChosenSplit> chosen;
  for (const std::string& id : ids) {
    if (std::ranges::any_of(chosen, [&](const ChosenSplit& other) { return other.split.id == id; })) {
      return invalid_argument("--split names " + printable(id) + " twice");
    }
    const splits::Split* split = file.find(id);
    if (split == nullptr) {
      std::vector<std::string> known;
      for (const splits::Split& other : file.splits) known.push_back(other.id);
      return invalid_argument("--split: no split '" + printable(id) + "' in the file; known: " + name_list(known));
    }
    const bool is_default = NameSet(split->train.begin(), split->train.end()) == default_train;
    chosen.push_back({*split, is_default ? "default" : ""});
  }
  return chosen;
}

std::vector<std::string> classes_of_splits(const std::vector<ChosenSplit>& chosen) {
  NameSet all;
  for (const ChosenSplit& one : chosen) {
    all.insert(one.split.train.begin(), one.split.train.end());
    all.insert(one.split.test.begin(), one.split.test.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace oodml::commands
