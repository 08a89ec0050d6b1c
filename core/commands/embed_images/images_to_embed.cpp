#include "core/commands/embed_images/images_to_embed.h"

#include <utility>

#include "core/trial/trial_data.h"

namespace oodml::commands {
namespace fs = std::filesystem;
namespace {

/// Every image, whatever it is called.
data::ImagesRequest all_of_folder(const EmbeddingOptions& options) {
  const std::string& layout = options.images.benchmark.layout;
  return {.place = {.name = options.folder.lexically_normal().filename().string(),
                    .folder = options.folder,
                    .layout = layout == "default" ? "image_folder" : layout},
          .skip_unreadable = options.images.skip_unreadable};
}

/// Whether the set asked for is that of the trial's other benchmark.
bool is_elsewhere(const ImagesOptions& options, const trial::TrialSettings& settings) {
  return options.set == "test" && options.id.empty() && settings.test_benchmark != "none";
}

/// The trial's own words where the command line says nothing else.
Result<data::ImagesRequest> images_of_trial(const ImagesOptions& options, const trial::TrialSettings& settings) {
  const fs::path& root = options.benchmark.root;
  return request_of(options, is_elsewhere(options, settings)
                                 ? trial::other_test_images(settings, benchmark_folder(root, settings.test_benchmark))
                                 : trial::own_images(settings, benchmark_folder(root, settings.benchmark)));
}

Result<data::ImagesRequest> asked_for(const EmbeddingOptions& options, bool of_trial,
                                      const trial::TrialSettings& settings) {
  const bool has_benchmark = !options.images.benchmark.benchmark.empty();
  if (!options.folder.empty()) {
    if (!has_benchmark) return all_of_folder(options);
    return invalid_argument("--folder and --benchmark both say which images; give one of them");
  }
  if (has_benchmark) return request_of(options.images);
  if (of_trial) return images_of_trial(options.images, settings);
  return invalid_argument("name the images: --folder, or --benchmark with --root");
}

}  // namespace

Result<data::ImagesRequest> images_to_embed(const EmbeddingOptions& options, bool of_trial,
                                            const trial::TrialSettings& settings) {
  OODML_ASSIGN_OR_RETURN(data::ImagesRequest request, asked_for(options, of_trial, settings));
  request.threads = options.threads;
  return request;
}

bool are_of_training(const EmbeddingOptions& options, const trial::TrialSettings& settings) {
  return options.folder.empty() && options.images.benchmark.benchmark.empty() &&
         !is_elsewhere(options.images, settings);
}

std::string set_to_embed(const EmbeddingOptions& options) {
  return options.folder.empty() ? options.images.set : "all";
}

}  // namespace oodml::commands
