#include "core/data/select_set.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/base/printable.h"
#include "core/data/select_classes.h"

namespace oodml::data {
namespace {

using DatasetPointer = std::shared_ptr<const Dataset>;
using Positions = std::vector<std::int64_t>;

Positions all_but(const Positions& taken, std::int64_t n) {
  Positions rest;
  for (std::int64_t i = 0; i < n; ++i) {
    if (!std::ranges::binary_search(taken, i)) rest.push_back(i);
  }
  return rest;
}

void add_class(Dataset& dataset, const std::string& name) {
  dataset.class_names.push_back(name);
  dataset.by_class.emplace_back();
}

/// Adds an image to a class that is there.
void add_sample(Dataset& dataset, std::int64_t image, std::size_t label) {
  dataset.by_class[label].push_back(std::ssize(dataset.samples));
  dataset.samples.push_back({.image = image, .label = static_cast<std::int64_t>(label)});
}

/// Of each class the images for training, or else those for validation. Classes without one are left out of validation
/// and refused in training.
Result<DatasetPointer> cut_samples(const Dataset& whole, SampleCut how, const SampleRequest& request, bool training) {
  auto part = std::make_shared<Dataset>();
  part->source = whole.source;
  std::vector<std::string> empty;
  for (std::size_t label = 0; label < whole.class_names.size(); ++label) {
    const std::string& name = whole.class_names[label];
    const auto n = std::ssize(whole.by_class[label]);
    const Positions kept = training_positions(n, request.validation_fraction, how, name, request.seed);
    const Positions chosen = training ? kept : all_but(kept, n);
    if (chosen.empty()) {
      empty.push_back(name);
      continue;
    }
    add_class(*part, name);
    for (const std::int64_t position : chosen) {
      const auto sample = static_cast<std::size_t>(whole.by_class[label][static_cast<std::size_t>(position)]);
      add_sample(*part, whole.samples[sample].image, part->class_names.size() - 1);
    }
  }
  if (!empty.empty() && (training || part->samples.empty())) {
    return invalid_argument("validation: samples leaves no image for " +
                            std::string(training ? "training" : "validation") + " in " + std::to_string(empty.size()) +
                            " classes: " + name_list(empty, 5) + "; take a " + (training ? "smaller" : "larger") +
                            " validation_fraction");
  }
  return part;
}

Result<DatasetPointer> training_set(const Benchmark& benchmark, const ChosenSets& sets, const SampleRequest& request) {
  OODML_ASSIGN_OR_RETURN(DatasetPointer whole, select_classes(benchmark, sets.train, request.images_per_class));
  if (!sets.cuts_samples) return whole;
  return cut_samples(*whole, benchmark.sample_cut, request, /*training=*/true);
}

Result<DatasetPointer> validation_set(const Benchmark& benchmark, const ChosenSets& sets,
                                      const SampleRequest& request) {
  if (sets.val.empty()) {
    return invalid_argument("no set val without validation: split, classes or samples");
  }
  OODML_ASSIGN_OR_RETURN(DatasetPointer whole, select_classes(benchmark, sets.val, request.images_per_class));
  if (!sets.cuts_samples) return whole;
  return cut_samples(*whole, benchmark.sample_cut, request, /*training=*/false);
}

/// `train` with the superclass of each class as its label.
Result<DatasetPointer> by_superclass(const Benchmark& benchmark, const Dataset& train) {
  if (benchmark.superclasses.empty()) {
    return invalid_argument("benchmark " + printable(benchmark.name) +
                            " has no superclasses; layout online_products has");
  }
  std::unordered_map<std::string_view, std::int64_t> superclass_of;
  for (const ImageClass& known : benchmark.classes) superclass_of.emplace(known.name, known.superclass);
  std::map<std::int64_t, std::vector<std::int64_t>> images;  // by superclass id, ascending
  for (const Dataset::Sample& sample : train.samples) {
    images[superclass_of.at(train.class_names[static_cast<std::size_t>(sample.label)])].push_back(sample.image);
  }
  auto grouped = std::make_shared<Dataset>();
  grouped->source = train.source;
  for (const auto& [id, members] : images) {
    add_class(*grouped, std::ranges::find(benchmark.superclasses, id, &Superclass::id)->name);
    for (const std::int64_t image : members) add_sample(*grouped, image, grouped->class_names.size() - 1);
  }
  return grouped;
}

}  // namespace

Result<DatasetPointer> select_set(const Benchmark& benchmark, const ChosenSets& sets, std::string_view set,
                                  const SampleRequest& request) {
  if (set == "train") return training_set(benchmark, sets, request);
  if (set == "val") return validation_set(benchmark, sets, request);
  if (set == "test") return select_classes(benchmark, sets.test, request.images_per_class);
  if (set == "super") {
    OODML_ASSIGN_OR_RETURN(const DatasetPointer train, training_set(benchmark, sets, request));
    return by_superclass(benchmark, *train);
  }
  if (set == "all") {
    std::vector<std::string> names;
    for (const ImageClass& known : benchmark.classes) names.push_back(known.name);
    return select_classes(benchmark, names, request.images_per_class);
  }
  return invalid_argument("unknown set '" + printable(set) + "'; known: train, test, val, super, all");
}

}  // namespace oodml::data
