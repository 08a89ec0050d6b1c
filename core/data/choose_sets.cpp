#include "core/data/choose_sets.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "core/base/printable.h"
#include "core/base/this_machine.h"
#include "core/data/split_on_disk.h"
#include "core/splits/split_file.h"

namespace oodml::data {
namespace {

/// The split with this id; the default rule in its form.
Result<splits::Split> find_split(const Benchmark& benchmark, const SetRequest& request) {
  if (request.split == "default") {
    splits::Split split;
    split.id = "default";
    split.train = benchmark.default_train;
    split.test = benchmark.default_test;
    return split;
  }
  OODML_ASSIGN_OR_RETURN(const splits::SplitFile file, of_this_machine(splits::read_split_file(request.split_file)));
  if (const splits::Split* found = file.find(request.split)) return *found;
  std::vector<std::string> known = {"default"};
  for (const splits::Split& split : file.splits) known.push_back(split.id);
  return not_found("unknown split '" + printable(request.split) + "' of " + printable(benchmark.name) +
                   "; known: " + name_list(known) + " (" + printable(request.split_file.native(), 4096) + ")");
}

using ClassIndex = std::unordered_map<std::string_view, const ImageClass*>;

ClassIndex index_of(const Benchmark& benchmark) {
  ClassIndex index;
  for (const ImageClass& known : benchmark.classes) index.emplace(known.name, &known);
  return index;
}

/// Classes with ids are numbered by them, whatever the order of the split's lists (docs/data.md#splits-on-disk).
void sort_by_id(const ClassIndex& index, splits::Split& split) {
  const auto id = [&](const std::string& name) { return index.at(name)->id; };
  for (auto* names : {&split.train, &split.test, &split.split_train, &split.split_val}) {
    std::ranges::stable_sort(*names, {}, id);
  }
}

/// Keeps the first classes for training, the rest validates.
void cut(const std::vector<std::string>& classes, double fraction, ChosenSets& sets) {
  const auto kept = classes.begin() + share_kept(std::ssize(classes), fraction);
  sets.train.insert(sets.train.end(), classes.begin(), kept);
  sets.val.insert(sets.val.end(), kept, classes.end());
}

void cut_classes(const Benchmark& benchmark, const ClassIndex& index, const SetRequest& request, ChosenSets& sets) {
  const std::vector<std::string> classes = std::exchange(sets.train, {});
  if (benchmark.superclasses.empty() || request.split != "default") {
    return cut(classes, request.validation_fraction, sets);
  }
  std::unordered_map<std::int64_t, std::vector<std::string>> members;
  for (const std::string& name : classes) members[index.at(name)->superclass].push_back(name);
  for (const Superclass& superclass : benchmark.superclasses) {
    cut(members[superclass.id], request.validation_fraction, sets);
  }
}

Status split_off_validation(const Benchmark& benchmark, const ClassIndex& index, const splits::Split& split,
                            const SetRequest& request, ChosenSets& sets) {
  if (request.validation == "none") return {};
  if (request.validation == "split") {
    if (split.split_val.empty()) {
      return invalid_argument("validation: split, but split '" + printable(split.id) +
                              "' has no validation lists; name a split id that has, or take validation: classes");
    }
    sets.train = split.split_train;
    sets.val = split.split_val;
    return {};
  }
  if (request.validation == "samples") {
    sets.val = sets.train;
    sets.cuts_samples = true;
    return {};
  }
  if (request.validation == "classes" || request.validation == "last_classes") {
    if (request.validation == "classes") {
      cut_classes(benchmark, index, request, sets);
    } else {
      cut(std::exchange(sets.train, {}), request.validation_fraction, sets);
    }
    if (!sets.val.empty()) return {};
    return invalid_argument("validation_fraction leaves no class for validation; take a larger one");
  }
  return invalid_argument("validation '" + printable(request.validation) +
                          "'; accepted: none, split, classes, last_classes, samples");
}

/// The split with names in place of ids, its lists in the order that numbers their classes.
Result<splits::Split> ordered(const Benchmark& benchmark, splits::Split split) {
  OODML_RETURN_IF_ERROR(check_on_disk(benchmark, split));
  OODML_RETURN_IF_ERROR(of_this_machine(name_classes(benchmark, split)));
  if (!benchmark.superclasses.empty()) sort_by_id(index_of(benchmark), split);
  return split;
}

/// The sets of one split of the file, or of the default rule.
Result<ChosenSets> sets_of(const Benchmark& benchmark, const SetRequest& request, splits::Split found) {
  OODML_ASSIGN_OR_RETURN(const splits::Split split, ordered(benchmark, std::move(found)));
  const ClassIndex index = index_of(benchmark);
  ChosenSets sets{.train = split.train, .test = split.test, .val = {}, .fid = split.fid};
  OODML_RETURN_IF_ERROR(split_off_validation(benchmark, index, split, request, sets));
  if (sets.train.empty() || sets.test.empty()) {
    return invalid_argument("split '" + printable(split.id) + "' of " + printable(benchmark.name) +
                            " leaves no class for " + (sets.train.empty() ? "training" : "testing"));
  }
  return sets;
}

/// `result` with a failure that names the split file.
template <typename T>
Result<T> of_file(const SetRequest& request, Result<T> result) {
  if (result || request.split == "default") return result;
  return failure(result.error().code(), printable(request.split_file.native(), 4096) + ": " + result.error().message());
}

}  // namespace

std::int64_t share_kept(std::int64_t n, double fraction) {
  const double p = std::round((1.0 - fraction) * 1e9) / 1e9;  // 1 - 0.9 is not the number that 0.1 is
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(static_cast<double>(n) * p), 0, n);
}

Result<splits::Split> choose_split(const Benchmark& benchmark, const SetRequest& request) {
  OODML_ASSIGN_OR_RETURN(splits::Split split, find_split(benchmark, request));
  return of_file(request, ordered(benchmark, std::move(split)));
}

Result<ChosenSets> choose_sets(const Benchmark& benchmark, const SetRequest& request) {
  OODML_ASSIGN_OR_RETURN(splits::Split split, find_split(benchmark, request));
  return of_file(request, sets_of(benchmark, request, std::move(split)));
}

}  // namespace oodml::data
