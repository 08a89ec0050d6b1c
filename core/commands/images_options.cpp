#include "core/commands/images_options.h"

#include "core/commands/loading_threads.h"

namespace oodml::commands {

void add_images(CLI::App& command, ImagesOptions& options) {
  add_benchmark(command, options.benchmark);
  command.add_option("--split", options.split_file, "Split file; by default the one in the benchmark's folder");
  command.add_option("--id", options.id, "Id of a split; by default the benchmark's own train and test classes");
  command.add_option("--set", options.set, "train, val, test, super (training images by superclass) or all")
      ->check(CLI::IsMember({"train", "val", "test", "super", "all"}));
  command
      .add_option("--validation", options.validation,
                  "What is kept from training: none, split (lists of the split file), classes, last_classes, samples")
      ->check(CLI::IsMember({"none", "split", "classes", "last_classes", "samples"}));
  command
      .add_option("--validation-fraction", options.validation_fraction,
                  "Share of classes or images that validates; by default 0.2")
      ->check(CLI::Range(0.0, 1.0));
  command.add_option("--images-per-class", options.images_per_class, "Only the first so many images; 0 is all")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 40));
  command.add_option("--seed", options.seed, "Draws the images that --validation samples keeps back (cars196)");
  command.add_flag("--skip-unreadable", options.skip_unreadable, "Decode all images and leave damaged ones out");
}

Result<data::ImagesRequest> request_of(const ImagesOptions& options, data::ImagesRequest request) {
  if (options.benchmark.layout != "default") request.place.layout = options.benchmark.layout;
  if (!options.id.empty()) request.split = options.id;
  if (!options.split_file.empty()) {
    if (request.split == "default") {
      return invalid_argument("--split names a file of splits; say which of them with --id");
    }
    request.split_file = std::filesystem::absolute(options.split_file);
  }
  if (!options.validation.empty()) request.validation = options.validation;
  request.validation_fraction = options.validation_fraction.value_or(request.validation_fraction);
  request.images_per_class = options.images_per_class.value_or(request.images_per_class);
  request.seed = options.seed.value_or(request.seed);
  request.skip_unreadable = request.skip_unreadable || options.skip_unreadable;
  return request;
}

Result<data::ImagesRequest> request_of(const ImagesOptions& options) {
  const bool of_split = options.set == "val" && !options.id.empty() && options.id != "default";
  return request_of(
      options,
      {.place = place_of(options.benchmark), .validation = of_split ? "split" : "none", .threads = loading_threads()});
}

}  // namespace oodml::commands
