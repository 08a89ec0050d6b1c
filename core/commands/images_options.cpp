#include "core/commands/images_options.h"

#include "core/data/choose_sets.h"
#include "core/data/select_set.h"
#include "core/splits/split_file.h"
#include "core/trial/benchmark_folder.h"
#include "core/trial/benchmark_layout.h"

namespace oodml::commands {
namespace {

std::string split_of(const ImagesOptions& options) { return options.id.empty() ? "default" : options.id; }

Status check_asked(const ImagesOptions& options) {
  if (!options.split_file.empty() && split_of(options) == "default") {
    return invalid_argument("--split names a file of splits; say which of them with --id");
  }
  return {};
}

std::string validation_of(const ImagesOptions& options) {
  if (!options.validation.empty()) return options.validation;
  return options.set == "val" && split_of(options) != "default" ? "split" : "none";
}

}  // namespace

void add_images(CLI::App& command, ImagesOptions& options) {
  command.add_option("--benchmark", options.benchmark, "Name of the benchmark, that of its folder");
  command.add_option("--root,--benchmarks-root", options.root, "Folder that holds the benchmark's, or that itself")
      ->envname("OODML_BENCHMARKS_ROOT")
      ->default_val("benchmarks");
  command.add_option("--layout", options.layout, "How the folder is read; by default as the catalogue says")
      ->check(CLI::IsMember({"default", "cub200", "cars196", "online_products", "image_folder", "idx"}));
  command.add_option("--split", options.split_file, "Split file; by default the one in the benchmark's folder");
  command.add_option("--id", options.id, "Id of a split; by default the benchmark's own train and test classes");
  command.add_option("--set", options.set, "train, val, test, super (training images by superclass) or all")
      ->check(CLI::IsMember({"train", "val", "test", "super", "all"}));
  command
      .add_option("--validation", options.validation,
                  "What is kept from training: none, split (lists of the split file), classes, samples")
      ->check(CLI::IsMember({"none", "split", "classes", "samples"}));
  command.add_option("--validation-fraction", options.validation_fraction, "Share of classes or images that validates")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--images-per-class", options.images_per_class, "Only the first so many images; 0 is all")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 40));
  command.add_option("--seed", options.seed, "Draws the images that --validation samples keeps back (cars196)");
}

Result<OpenedImages> open_images(const ImagesOptions& options, const trial::Warn& warn) {
  OODML_RETURN_IF_ERROR(check_asked(options));
  OpenedImages opened{.split = split_of(options), .validation = validation_of(options)};
  OODML_ASSIGN_OR_RETURN(opened.layout, trial::layout_of(options.benchmark, options.layout));
  const auto folder = trial::benchmark_folder(options.root, options.benchmark);
  OODML_ASSIGN_OR_RETURN(opened.benchmark, trial::open_remembered(options.benchmark, opened.layout, folder));
  for (std::string& remark : trial::remarks_on(*opened.benchmark)) warn(std::move(remark));

  data::ChosenSets sets;
  if (options.set != "all") {  // which asks nothing of a split
    const auto file = options.split_file.empty() ? splits::split_file_in(folder) : options.split_file;
    OODML_ASSIGN_OR_RETURN(sets,
                           data::choose_sets(*opened.benchmark, {.split = opened.split,
                                                                 .split_file = file,
                                                                 .validation = opened.validation,
                                                                 .validation_fraction = options.validation_fraction}));
  }
  opened.fid = sets.fid;
  OODML_ASSIGN_OR_RETURN(opened.dataset, data::select_set(*opened.benchmark, sets, options.set,
                                                          {.images_per_class = options.images_per_class,
                                                           .validation_fraction = options.validation_fraction,
                                                           .seed = options.seed}));
  if (auto remark = trial::remark_on_single_images(options.set, *opened.dataset)) warn(*std::move(remark));
  return opened;
}

}  // namespace oodml::commands
