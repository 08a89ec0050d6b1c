#include "core/data/choose_sets.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "core/base/printable.h"
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
  OODML_ASSIGN_OR_RETURN(const splits::SplitFile file, splits::read_split_file(request.split_file));
  if (const splits::Split* found = file.find(request.split)) {
    splits::Split split = *found;
    OODML_RETURN_IF_ERROR(name_classes(benchmark, split));
    return split;
  }
  std::vector<std::string> known = {"default"};
  for (const splits::Split& split : file.splits) known.push_back(split.id);
  return invalid_argument("unknown split '" + printable(request.split) + "' of " + printable(benchmark.name) +
                          "; known: " + name_list(known) + " (" + printable(request.split_file.native(), 4096) + ")");
}

/// The first classes that `validation: classes` leaves for training.
std::size_t classes_kept(std::size_t classes, double fraction) {
  const double kept = static_cast<double>(classes) * (1.0 - fraction);
  return static_cast<std::size_t>(std::floor(kept + 1e-9));  // 10 * (1 - 0.9) is 1, not 0.9999
}

Status split_off_validation(const splits::Split& split, const SetRequest& request, ChosenSets& sets) {
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
  if (request.validation == "classes") {
    const auto kept = classes_kept(sets.train.size(), request.validation_fraction);
    const auto first = sets.train.begin() + static_cast<std::ptrdiff_t>(std::min(kept, sets.train.size()));
    sets.val.assign(first, sets.train.end());
    sets.train.erase(first, sets.train.end());
    if (!sets.val.empty()) return {};
    return invalid_argument("validation_fraction leaves no class for validation; take a larger one");
  }
  return invalid_argument("validation '" + printable(request.validation) + "'; accepted: none, split, classes");
}

Status check_on_disk(const Benchmark& benchmark, const splits::Split& split) {
  std::unordered_set<std::string_view> known;
  for (const ImageClass& on_disk : benchmark.classes) known.insert(on_disk.name);
  std::vector<std::string> missing;
  for (const auto* names : {&split.train, &split.test}) {
    for (const std::string& name : *names) {
      if (!known.contains(name)) missing.push_back(name);
    }
  }
  if (missing.empty()) return {};
  return failed_precondition("split '" + printable(split.id) + "' of " + printable(benchmark.name) + " names " +
                             std::to_string(missing.size()) + " classes that are not on disk: " + name_list(missing));
}

}  // namespace

Result<ChosenSets> choose_sets(const Benchmark& benchmark, const SetRequest& request) {
  OODML_ASSIGN_OR_RETURN(const splits::Split split, find_split(benchmark, request));
  OODML_RETURN_IF_ERROR(check_on_disk(benchmark, split));
  ChosenSets sets{.train = split.train, .test = split.test, .val = {}, .fid = split.fid};
  OODML_RETURN_IF_ERROR(split_off_validation(split, request, sets));
  if (sets.train.empty() || sets.test.empty()) {
    return invalid_argument("split '" + printable(split.id) + "' of " + printable(benchmark.name) +
                            " leaves no class for " + (sets.train.empty() ? "training" : "testing"));
  }
  return sets;
}

}  // namespace oodml::data
