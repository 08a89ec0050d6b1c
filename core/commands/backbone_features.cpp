#include "core/commands/backbone_features.h"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/print.h"
#include "core/catalogue/catalogue.h"
#include "core/data/loader.h"
#include "core/models/backbone.h"
#include "core/train/device.h"
#include "core/train/embed.h"
#include "core/trial/backbone_weights.h"

namespace oodml::commands {
namespace {

Result<std::shared_ptr<models::Network>> open_network(const BackboneOptions& options, const torch::Device& device) {
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(options.arch));
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBackbone, arch.backbone);
  const bool published = options.weights == "default" && known != nullptr;
  const std::string weights = published ? known->published_weights : options.weights;
  // The head is not read.
  OODML_ASSIGN_OR_RETURN(auto network,
                         models::make_network(options.arch, 1, at::make_generator<at::CPUGeneratorImpl>(0)));
  OODML_RETURN_IF_ERROR(trial::load_weights(*network, arch.backbone, weights, options.weights_root,
                                            [](const std::string& text) { print_note("note: " + text + "\n"); }));
  network->to(device);
  network->eval();
  return network;
}

torch::Tensor pooled_features(models::Network& network, const torch::Tensor& images) {
  const c10::InferenceMode no_autograd;
  return network.forward(images, /*warmup=*/false).avg_features;
}

}  // namespace

void add_backbone(CLI::App& command, BackboneOptions& options) {
  constexpr std::int64_t kMostPixels = 4096;
  options.threads = std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, 16);
  command.add_option("--arch", options.arch, "Backbone and modifiers")->capture_default_str();
  command.add_option("--weights", options.weights, "NAME of the file <backbone>-NAME, default or none")
      ->capture_default_str();
  command.add_option("--weights-root", options.weights_root, "Folder of weights")
      ->envname("OODML_WEIGHTS_ROOT")
      ->default_val("weights");
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

Status embed_images(std::shared_ptr<const data::Dataset> dataset, const BackboneOptions& options,
                    const ShowShare& progress, const TakeFeatures& take) {
  OODML_ASSIGN_OR_RETURN(const torch::Device device, train::find_device(options.device));
  OODML_ASSIGN_OR_RETURN(const auto network, open_network(options, device));
  const auto samples = std::ssize(dataset->samples);
  data::LoaderOptions loading{.threads = options.threads};
  loading.transform.crop_size = options.crop_size;
  loading.transform.resize = options.resize;
  loading.transform.normalisation = images::normalisation_of(options.arch);
  const auto batches = train::consecutive_batches(samples, options.batch_size);
  data::Loader loader(std::move(dataset), loading, batches, Seeds(0), 0);
  for (std::int64_t done = 0; done < samples;) {
    progress("features", static_cast<double>(done) / static_cast<double>(samples));
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    take(pooled_features(*network, batch.images.to(device)), batch.labels);
    done += batch.images.size(0);
  }
  return {};
}

}  // namespace oodml::commands
