#include "core/trial/trial_data.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/catalogue/catalogue.h"

namespace oodml::trial {
namespace {

/// Whether the set `test` is that of another benchmark.
bool tests_elsewhere(const TrialSettings& settings) {
  return settings.test_benchmark != "none" && std::ranges::count(settings.sets, "test") > 0;
}

bool sampler_validates(const TrialSettings& settings) {
  return catalogue::find(catalogue::Kind::kSampler, settings.sampler.name)->needs_validation &&
         settings.train.epochs > 0;
}

/// The sets that lie in the trial's own benchmark, the training set first and once: those to evaluate, and what the
/// sampler looks at.
std::vector<std::string> own_sets(const TrialSettings& settings) {
  std::vector<std::string> names = {"train"};
  for (const std::string& name : settings.sets) {
    const bool elsewhere = name == "test" && tests_elsewhere(settings);
    if (name != "train" && !elsewhere) names.push_back(name);
  }
  if (sampler_validates(settings) && std::ranges::count(names, "val") == 0) names.emplace_back("val");
  return names;
}

}  // namespace

data::ImagesRequest own_images(const TrialSettings& settings, std::filesystem::path folder) {
  return {.place = {.name = settings.benchmark, .folder = std::move(folder), .layout = settings.layout},
          .split = settings.split,
          .split_file = settings.split_file,
          .validation = settings.validation,
          .validation_fraction = settings.validation_fraction,
          .images_per_class = settings.images_per_class,
          .seed = settings.seed,
          .skip_unreadable = settings.skip_unreadable_images,
          .threads = settings.train.training_loader.threads};
}

data::ImagesRequest other_test_images(const TrialSettings& settings, std::filesystem::path folder) {
  return {.place = {.name = settings.test_benchmark, .folder = std::move(folder), .layout = settings.test_layout},
          .images_per_class = settings.images_per_class,
          .skip_unreadable = settings.skip_unreadable_images,
          .threads = settings.train.training_loader.threads};
}

Result<TrialData> open_data(const TrialSettings& settings, const std::filesystem::path& benchmarks_root,
                            const Warn& warn) {
  const std::vector<std::string> names = own_sets(settings);
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets own,
                         data::open_sets(own_images(settings, benchmarks_root / settings.benchmark), names, warn));
  std::map<std::string, std::shared_ptr<const data::Dataset>> by_name;
  for (std::size_t i = 0; i < names.size(); ++i) by_name[names[i]] = own.sets[i];
  if (tests_elsewhere(settings)) {
    const auto request = other_test_images(settings, benchmarks_root / settings.test_benchmark);
    OODML_ASSIGN_OR_RETURN(const data::OpenedSets other, data::open_sets(request, {"test"}, warn));
    by_name["test"] = other.sets.front();
  }
  TrialData opened{.train = by_name.at("train"), .sets = {}, .validation = nullptr, .fid = own.fid};
  if (sampler_validates(settings)) opened.validation = by_name.at("val");
  for (const std::string& name : settings.sets) opened.sets.emplace_back(name, by_name.at(name));
  return opened;
}

}  // namespace oodml::trial
