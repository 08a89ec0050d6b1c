#include "core/commands/backbone_features.h"

#include <ATen/CPUGeneratorImpl.h>

#include "core/base/print.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/weights.h"
#include "core/commands/loading_threads.h"
#include "core/commands/script_options.h"
#include "core/models/backbone.h"
#include "core/train/device.h"
#include "core/train/embed.h"
#include "core/trial/backbone_weights.h"

namespace oodml::commands {
namespace {

/// Its head is not read.
Result<std::shared_ptr<models::Network>> make_backbone(const BackboneOptions& options) {
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(options.arch));
  OODML_ASSIGN_OR_RETURN(auto network,
                         models::make_network(options.arch, 1, at::make_generator<at::CPUGeneratorImpl>(0),
                                              {.access = options.scripts, .crop_size = options.crop_size}));
  OODML_RETURN_IF_ERROR(
      trial::load_weights(*network, arch.backbone, catalogue::initial_weights(arch.backbone, options.weights),
                          options.weights_root, [](const std::string& text) { print_note("note: " + text + "\n"); }));
  return network;
}

data::LoaderOptions loading(const BackboneOptions& options, const models::Network& network) {
  data::LoaderOptions loader{.threads = options.threads};
  loader.transform.crop_size = options.crop_size;
  loader.transform.resize = options.resize;
  loader.transform.normalisation = images::normalisation_of(options.arch);
  if (const auto own = network.input_statistics()) loader.transform.normalisation = {own->mean, own->std};
  return loader;
}

}  // namespace

void add_backbone(CLI::App& command, BackboneOptions& options) {
  constexpr std::int64_t kMostPixels = 4096;
  options.threads = loading_threads();
  command.add_option("--arch", options.arch, "Backbone and modifiers")->capture_default_str();
  command.add_option("--weights", options.weights, "NAME of the file <backbone>-NAME, default or none")
      ->capture_default_str();
  command.add_option("--weights-root", options.weights_root, "Folder of weights")
      ->envname("OODML_WEIGHTS_ROOT")
      ->default_val("weights");
  add_scripts(command, options.scripts);
  command.add_option("--device", options.device, "cpu, cuda or cuda:N; by default a GPU when there is one");
  command.add_option("--threads", options.threads, "Threads that load images")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--batch-size", options.batch_size, "Images at once")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  command.add_option("--resize", options.resize, "Shorter side before the crop")
      ->check(CLI::Range(std::int64_t{1}, kMostPixels))
      ->capture_default_str();
  command.add_option("--crop-size", options.crop_size, "Side of the crop")
      ->check(CLI::Range(std::int64_t{1}, kMostPixels))
      ->capture_default_str();
}

Status backbone_features(const std::shared_ptr<const data::Dataset>& dataset, const BackboneOptions& options,
                         const ShowShare& progress, const TakeFeatures& take) {
  OODML_ASSIGN_OR_RETURN(const auto network, make_backbone(options));
  train::EmbedOptions embedding{.batch_size = options.batch_size, .loader = loading(options, *network)};
  OODML_ASSIGN_OR_RETURN(embedding.device, train::find_device(options.device));
  network->to(embedding.device);
  const auto batches = train::consecutive_batches(std::ssize(dataset->samples), options.batch_size);
  embedding.keep_going = [&, begun = 0]() mutable {
    progress("features", begun++ / static_cast<double>(batches.size()));
    return true;
  };
  const auto take_features = [&](const data::Batch& batch, const models::NetworkOutput& output) {
    take(output.avg_features, batch.labels);
  };
  OODML_RETURN_IF_ERROR(train::infer_batches(*network, dataset, batches, embedding, take_features));
  return {};
}

}  // namespace oodml::commands
