#include "core/train/embed.h"

#include <vector>

namespace oodml::train {
namespace {

std::vector<std::vector<std::int64_t>> consecutive_batches(std::int64_t samples, std::int64_t batch_size) {
  std::vector<std::vector<std::int64_t>> batches;
  for (std::int64_t i = 0; i < samples; ++i) {
    if (i % batch_size == 0) batches.emplace_back();
    batches.back().push_back(i);
  }
  return batches;
}

torch::Tensor embed_batch(models::Network& network, const torch::Tensor& images, const torch::Device& device) {
  const c10::InferenceMode no_autograd;
  return network.forward(images.to(device, /*non_blocking=*/true), /*warmup=*/false).embeddings;
}

}  // namespace

Result<std::optional<torch::Tensor>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                           const EmbedOptions& options) {
  network.eval();
  const auto samples = static_cast<std::int64_t>(dataset->samples.size());
  // The evaluation transform draws nothing, so neither seed nor epoch matter.
  data::Loader loader(dataset, options.loader, consecutive_batches(samples, options.batch_size), Seeds(0), 0);
  torch::Tensor embeddings;
  for (std::int64_t done = 0; done < samples;) {
    if (!options.keep_going()) return std::nullopt;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    const auto rows = embed_batch(network, batch.images, options.device);  // [b, D]
    // An ordinary tensor, not an inference one: what follows may change it in place.
    if (!embeddings.defined()) embeddings = torch::empty({samples, rows.size(1)}, torch::TensorOptions(options.device));
    embeddings.narrow(0, done, rows.size(0)).copy_(rows);
    done += rows.size(0);
  }
  return embeddings;
}

}  // namespace oodml::train
