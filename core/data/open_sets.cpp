#include "core/data/open_sets.h"

#include <algorithm>
#include <utility>

#include "core/base/printable.h"
#include "core/data/choose_sets.h"
#include "core/data/drop_unreadable.h"
#include "core/data/folder_remarks.h"
#include "core/data/select_set.h"
#include "core/splits/split_file.h"

namespace oodml::data {
namespace {

constexpr std::size_t kFilesShown = 5;

using DatasetPointer = std::shared_ptr<const Dataset>;

Result<ChosenSets> classes_of_sets(const Benchmark& benchmark, const ImagesRequest& request) {
  return choose_sets(benchmark, {.split = request.split,
                                 .split_file = splits::split_file_in(request.place.folder, request.split_file.native()),
                                 .validation = request.validation,
                                 .validation_fraction = request.validation_fraction});
}

Result<DatasetPointer> readable(DatasetPointer dataset, const std::string& set, const ImagesRequest& request,
                                const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(Readable read, drop_unreadable(std::move(dataset), request.threads));
  if (!read.skipped.empty()) {
    warn("left out " + std::to_string(read.skipped.size()) + " unreadable images of the " + set +
         " set: " + name_list(read.skipped, kFilesShown));
  }
  return read.dataset;
}

/// What a failure names.
std::string described(const std::string& set, const ImagesRequest& request) {
  return "the " + set + " set" + (set == "all" ? "" : " of split '" + printable(request.split) + "'");
}

Result<DatasetPointer> open_set(const Benchmark& benchmark, const ChosenSets& sets, const std::string& set,
                                const ImagesRequest& request, const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(DatasetPointer dataset, select_set(benchmark, sets, set,
                                                            {.images_per_class = request.images_per_class,
                                                             .validation_fraction = request.validation_fraction,
                                                             .seed = request.seed}));
  if (request.skip_unreadable) {
    OODML_ASSIGN_OR_RETURN(dataset, readable(std::move(dataset), set, request, warn));
  }
  if (auto remark = remark_on_single_images(set, *dataset)) warn(*std::move(remark));
  return dataset;
}

}  // namespace

Result<OpenedSets> open_sets(const ImagesRequest& request, const std::vector<std::string>& names, const Warn& warn) {
  OpenedSets opened;
  OODML_ASSIGN_OR_RETURN(opened.from, open_remembered(request.place, warn));
  const Benchmark& benchmark = *opened.from.benchmark;
  ChosenSets sets;
  if (std::ranges::any_of(names, [](const std::string& name) { return name != "all"; })) {
    OODML_ASSIGN_OR_RETURN(sets, classes_of_sets(benchmark, request));
  }
  opened.fid = sets.fid;
  for (const std::string& name : names) {
    auto set = open_set(benchmark, sets, name, request, warn);
    if (!set) return failure(set.error().code(), described(name, request) + ": " + set.error().message());
    opened.sets.push_back(*std::move(set));
  }
  return opened;
}

}  // namespace oodml::data
