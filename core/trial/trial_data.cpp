#include "core/trial/trial_data.h"

#include <utility>

#include "core/base/printable.h"
#include "core/base/this_machine.h"
#include "core/data/select_set.h"
#include "core/splits/split_file.h"
#include "core/trial/benchmark_folder.h"
#include "core/trial/benchmark_layout.h"

namespace oodml::trial {
namespace {

constexpr std::size_t kFilesShown = 5;

using DatasetPointer = std::shared_ptr<const data::Dataset>;

/// The images of a set that are to be read.
Result<DatasetPointer> checked(const std::string& set, Result<DatasetPointer> selected, const TrialSettings& settings,
                               const Warn& warn) {
  if (!selected) {
    return failure({selected.error().code(),
                    "the " + set + " set of split '" + settings.split + "': " + selected.error().message()});
  }
  DatasetPointer dataset = *std::move(selected);
  if (settings.skip_unreadable_images) {
    OODML_ASSIGN_OR_RETURN(data::Readable readable,
                           data::drop_unreadable(dataset, settings.train.training_loader.threads));
    dataset = std::move(readable.dataset);
    if (!readable.skipped.empty()) {
      warn("left out " + std::to_string(readable.skipped.size()) + " unreadable images of the " + set +
           " set: " + name_list(readable.skipped, kFilesShown));
    }
  }
  if (auto remark = remark_on_single_images(set, *dataset)) warn(*std::move(remark));
  return dataset;
}

/// A benchmark's folder with its classes by set.
struct Source {
  std::shared_ptr<const data::Benchmark> benchmark;
  data::ChosenSets sets;
};

Result<Source> open_source(const std::string& name, const std::string& layout, const std::filesystem::path& root,
                           data::SetRequest request, const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(const std::string known_layout, layout_of(name, layout));
  Source source;
  OODML_ASSIGN_OR_RETURN(source.benchmark, of_this_machine(open_remembered(name, known_layout, root / name)));
  for (std::string& remark : remarks_on(*source.benchmark)) warn(std::move(remark));
  request.split_file = splits::split_file_in(root / name, request.split_file.native());
  OODML_ASSIGN_OR_RETURN(source.sets, data::choose_sets(*source.benchmark, request));
  return source;
}

data::SampleRequest samples_of(const TrialSettings& settings) {
  return {.images_per_class = settings.images_per_class,
          .validation_fraction = settings.validation_fraction,
          .seed = settings.seed};
}

/// The default test set of test_benchmark.
Result<DatasetPointer> other_test_set(const TrialSettings& settings, const std::filesystem::path& root,
                                      const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(const Source other,
                         open_source(settings.test_benchmark, settings.test_layout, root, {}, warn));
  return data::select_set(*other.benchmark, other.sets, "test", {.images_per_class = settings.images_per_class});
}

}  // namespace

Result<TrialData> open_data(const TrialSettings& settings, const std::filesystem::path& benchmarks_root,
                            const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(const Source source, open_source(settings.benchmark, settings.layout, benchmarks_root,
                                                          {.split = settings.split,
                                                           .split_file = settings.split_file,
                                                           .validation = settings.validation,
                                                           .validation_fraction = settings.validation_fraction},
                                                          warn));
  const auto select = [&](const std::string& set) {
    return data::select_set(*source.benchmark, source.sets, set, samples_of(settings));
  };
  TrialData opened;
  opened.fid = source.sets.fid;
  OODML_ASSIGN_OR_RETURN(opened.train, checked("train", select("train"), settings, warn));
  for (const std::string& name : settings.sets) {
    DatasetPointer dataset = opened.train;
    if (name == "test" && settings.test_benchmark != "none") {
      OODML_ASSIGN_OR_RETURN(dataset, checked(name, other_test_set(settings, benchmarks_root, warn), settings, warn));
    } else if (name != "train") {
      OODML_ASSIGN_OR_RETURN(dataset, checked(name, select(name), settings, warn));
    }
    opened.sets.emplace_back(name, std::move(dataset));
  }
  return opened;
}

}  // namespace oodml::trial
