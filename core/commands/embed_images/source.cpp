#include "core/commands/embed_images/source.h"

#include "core/data/benchmark.h"
#include "core/data/choose_sets.h"
#include "core/data/select_set.h"
#include "core/splits/split_file.h"
#include "core/trial/benchmark_folder.h"

namespace oodml::commands {
namespace fs = std::filesystem;
namespace {

using DatasetPointer = std::shared_ptr<const data::Dataset>;

/// Every image, whatever it is called.
Result<DatasetPointer> open_folder(const fs::path& folder, const std::string& layout, const trial::Warn& warn) {
  const std::string name = folder.lexically_normal().filename().string();
  OODML_ASSIGN_OR_RETURN(const auto benchmark,
                         trial::open_remembered(name, layout == "default" ? "image_folder" : layout, folder));
  for (std::string& remark : trial::remarks_on(*benchmark)) warn(std::move(remark));
  OODML_ASSIGN_OR_RETURN(DatasetPointer dataset, data::select_set(*benchmark, {}, "all", {}));
  if (auto remark = trial::remark_on_single_images("all", *dataset)) warn(*std::move(remark));
  return dataset;
}

/// The trial's own words where the command line says nothing else.
ImagesOptions of_trial(ImagesOptions images, const Params& values) {
  const bool foreign = images.set == "test" && images.id.empty() && values.text("test_benchmark") != "none";
  images.benchmark = values.text(foreign ? "test_benchmark" : "benchmark");
  if (images.layout == "default") images.layout = values.text(foreign ? "test_layout" : "layout");
  images.images_per_class = values.integer("images_per_class");
  images.validation_fraction = values.number("validation_fraction");
  images.seed = static_cast<std::uint64_t>(values.integer("seed"));
  if (foreign) return images;
  if (images.id.empty()) images.id = values.text("split");
  if (images.split_file.empty() && images.id != "default") {
    const fs::path folder = trial::benchmark_folder(images.root, images.benchmark);
    images.split_file = splits::split_file_in(folder, values.text("split_file"));
  }
  if (images.validation.empty()) images.validation = values.text("validation");
  return images;
}

}  // namespace

Result<DatasetPointer> open_source(const EmbedImagesOptions& options, const OpenedNetwork& network,
                                   const trial::Warn& warn) {
  if (!options.folder.empty()) {
    if (options.images.benchmark.empty()) return open_folder(options.folder, options.images.layout, warn);
    return invalid_argument("--folder and --benchmark both say which images; give one of them");
  }
  ImagesOptions images = options.images;
  if (images.benchmark.empty()) {
    if (!network.of_trial) return invalid_argument("name the images: --folder, or --benchmark with --root");
    images = of_trial(std::move(images), network.spec.values);
  }
  OODML_ASSIGN_OR_RETURN(const OpenedImages opened, open_images(images, warn));
  return opened.dataset;
}

}  // namespace oodml::commands
