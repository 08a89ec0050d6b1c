#include "core/train/embed.h"

#include <algorithm>
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

models::NetworkOutput infer(models::Network& network, const torch::Tensor& batch, const EmbedOptions& options) {
  const c10::InferenceMode no_autograd;
  auto images = batch.to(options.device, /*non_blocking=*/true);
  if (options.channels_last) images = images.contiguous(torch::MemoryFormat::ChannelsLast);
  return forward(network, images, /*warmup=*/false, options.precision);
}

/// Writes a batch's rows behind the `done` rows that are there. The result is an ordinary tensor, not an inference
/// one: what follows may change it in place.
void put(torch::Tensor& all, const torch::Tensor& rows, std::int64_t done, std::int64_t samples) {
  if (!all.defined()) all = torch::empty({samples, rows.size(1)}, torch::TensorOptions(rows.device()));
  all.narrow(0, done, rows.size(0)).copy_(rows);
}

}  // namespace

bool EmbeddedSet::is_finite() const {
  const auto finite = [](const torch::Tensor& rows) { return rows.isfinite().all().item<bool>(); };
  return finite(embeddings) && std::all_of(heads.begin(), heads.end(), [&](const auto& h) { return finite(h.second); });
}

Result<std::optional<EmbeddedSet>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                         const EmbedOptions& options) {
  network.eval();
  const auto samples = static_cast<std::int64_t>(dataset->samples.size());
  // The evaluation transform draws nothing, so neither seed nor epoch matter.
  data::Loader loader(dataset, options.loader, consecutive_batches(samples, options.batch_size), Seeds(0), 0);
  EmbeddedSet set;
  for (std::int64_t done = 0; done < samples;) {
    if (!options.keep_going()) return std::nullopt;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    const models::NetworkOutput output = infer(network, batch.images, options);
    for (const auto& [name, rows] : output.heads) put(set.heads[name], rows, done, samples);
    put(set.embeddings, output.embeddings, done, samples);
    done += batch.images.size(0);
  }
  return set;
}

torch::Tensor joined_embeddings(const EmbeddedSet& set, const catalogue::Embeddings& wanted, bool normalize) {
  if (wanted.heads.empty()) return set.embeddings;
  std::vector<torch::Tensor> weighted;
  for (std::size_t i = 0; i < wanted.heads.size(); ++i) {
    weighted.push_back(set.heads.at(wanted.heads[i]) * wanted.weights[i]);
  }
  const auto rows = torch::cat(weighted, 1);  // [N, D * heads]
  return normalize ? rows / rows.norm(2, {1}, true).clamp_min(1e-12) : rows;
}

}  // namespace oodml::train
