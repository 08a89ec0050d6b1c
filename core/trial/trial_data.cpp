#include "core/trial/trial_data.h"

#include <algorithm>
#include <map>

#include "core/data/choose_sets.h"
#include "core/splits/split_file.h"

namespace oodml::trial {
namespace {

constexpr std::size_t kNamesShown = 5;

/// "a, b, c, d, e and 7 more"
std::string first_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kNamesShown) text += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return text;
}

/// A class of one image is legal, but no query of it can succeed.
void warn_of_single_images(const std::string& set, const data::Dataset& dataset, const Warn& warn) {
  std::vector<std::string> single;
  for (std::size_t label = 0; label < dataset.by_class.size(); ++label) {
    if (dataset.by_class[label].size() == 1) single.push_back(dataset.class_names[label]);
  }
  if (single.empty()) return;
  warn(std::to_string(single.size()) + " classes of the " + set +
       " set have one image only, which no query of its class can find: " + first_of(single));
}

Result<std::shared_ptr<const data::Dataset>> open_set(const std::string& set, const std::vector<std::string>& classes,
                                                      const TrialSettings& settings, const data::Benchmark& benchmark,
                                                      const Warn& warn) {
  auto selected = data::select_classes(benchmark, classes, settings.images_per_class);
  if (!selected) {
    return failure({selected.error().code(), "the " + set + " set of split '" + settings.split + "': " +
                                                 selected.error().message()});
  }
  std::shared_ptr<const data::Dataset> dataset = *std::move(selected);
  if (settings.skip_unreadable_images) {
    OODML_ASSIGN_OR_RETURN(data::Readable readable,
                           data::drop_unreadable(dataset, settings.train.training_loader.threads));
    dataset = std::move(readable.dataset);
    if (!readable.skipped.empty()) {
      warn("left out " + std::to_string(readable.skipped.size()) + " unreadable images of the " + set +
           " set: " + first_of(readable.skipped));
    }
  }
  warn_of_single_images(set, *dataset, warn);
  return dataset;
}

Status check_layout(const TrialSettings& settings) {
  if (!settings.layout.empty()) return {};
  return invalid_argument("benchmark '" + settings.benchmark +
                          "' is not in the catalogue; say how its folder is read with `layout`: cub200, cars196, "
                          "online_products, image_folder or idx");
}

}  // namespace

Result<TrialData> open_data(const TrialSettings& settings, const std::filesystem::path& benchmarks_root,
                            const Warn& warn) {
  OODML_RETURN_IF_ERROR(check_layout(settings));
  const std::filesystem::path folder = benchmarks_root / settings.benchmark;
  OODML_ASSIGN_OR_RETURN(const auto benchmark, data::open_benchmark(settings.benchmark, settings.layout, folder));
  if (!benchmark->skipped.empty()) {
    warn("benchmark " + settings.benchmark + ": " + std::to_string(benchmark->skipped.size()) +
         " files were not taken for images: " + first_of(benchmark->skipped));
  }
  OODML_ASSIGN_OR_RETURN(const data::ChosenSets lists,
                         data::choose_sets(*benchmark, {.split = settings.split,
                                                        .split_file = splits::split_file_in(folder, settings.split_file),
                                                        .validation = settings.validation,
                                                        .validation_fraction = settings.validation_fraction}));
  const std::map<std::string, const std::vector<std::string>*> known = {
      {"train", &lists.train}, {"test", &lists.test}, {"val", &lists.val}};

  TrialData opened;
  opened.fid = lists.fid;
  OODML_ASSIGN_OR_RETURN(opened.train, open_set("train", lists.train, settings, *benchmark, warn));
  for (const std::string& name : settings.sets) {
    const auto classes = known.find(name);
    if (classes == known.end() || classes->second->empty()) {
      return invalid_argument("evaluate.sets names '" + name +
                              (classes == known.end() ? "'; accepted are test, train and val"
                                                      : "', but the trial has no such classes; set `validation`"));
    }
    auto dataset = opened.train;
    if (name != "train") {
      OODML_ASSIGN_OR_RETURN(dataset, open_set(name, *classes->second, settings, *benchmark, warn));
    }
    opened.sets.emplace_back(name, std::move(dataset));
  }
  return opened;
}

}  // namespace oodml::trial
