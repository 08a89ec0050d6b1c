#include "core/train/embed.h"

#include <algorithm>
#include <vector>

namespace oodml::train {
namespace {

models::NetworkOutput infer(models::Network& network, const torch::Tensor& batch, const EmbedOptions& options) {
  const c10::InferenceMode no_autograd;
  auto images = batch.to(options.device, /*non_blocking=*/true);
  if (options.channels_last) images = images.contiguous(torch::MemoryFormat::ChannelsLast);
  return forward(network, images, /*warmup=*/false, options.precision);
}

/// Which batches a replica embeds: every `step`-th from `first` on. Sets of fewer batches than replicas are not shared:
/// one that embeds nothing would not even know the width of the rows.
struct Turns {
  Turns(const collective::Collective& replicas, std::size_t batches, bool may_share)
      : shared(may_share && !replicas.alone() && batches >= static_cast<std::size_t>(replicas.size())),
        first(shared ? static_cast<std::size_t>(replicas.rank()) : 0),
        step(shared ? static_cast<std::size_t>(replicas.size()) : 1) {}
  bool shared;
  std::size_t first, step;
};

/// Writes a batch's rows from row `begin` on. The result is an ordinary tensor, not an inference one: what follows
/// may change it in place. Rows that others write are zero.
void put(torch::Tensor& all, const torch::Tensor& rows, std::int64_t begin, std::int64_t samples) {
  if (!all.defined()) all = torch::zeros({samples, rows.size(1)}, torch::TensorOptions(rows.device()));
  all.narrow(0, begin, rows.size(0)).copy_(rows);
}

/// Each row is zero on all replicas but one, so that sums are the rows themselves.
void share_rows(EmbeddedSet& set, collective::Collective& replicas) {
  for (auto& [name, rows] : set.heads) replicas.add_up(rows);
  replicas.add_up(set.embeddings);
  if (set.features.defined()) replicas.add_up(set.features);
}

}  // namespace

samplers::Batches consecutive_batches(std::int64_t samples, std::int64_t batch_size) {
  samplers::Batches batches;
  for (std::int64_t i = 0; i < samples; ++i) {
    if (i % batch_size == 0) batches.emplace_back();
    batches.back().push_back(i);
  }
  return batches;
}

bool EmbeddedSet::is_finite() const {
  const auto finite = [](const torch::Tensor& rows) { return rows.isfinite().all().item<bool>(); };
  return finite(embeddings) && (!features.defined() || finite(features)) &&
         std::all_of(heads.begin(), heads.end(), [&](const auto& h) { return finite(h.second); });
}

Result<bool> infer_batches(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                           const samplers::Batches& batches, const EmbedOptions& options, const TakeOutput& take) {
  network.train(options.training_mode);
  data::Loader loader(dataset, options.loader, batches, options.seeds, options.epoch);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!options.keep_going()) return false;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    take(batch, infer(network, batch.images, options));
  }
  return true;
}

Result<std::optional<EmbeddedSet>> embed(models::Network& network, const std::shared_ptr<const data::Dataset>& dataset,
                                         const EmbedOptions& options) {
  const auto samples = std::ssize(dataset->samples);
  const auto batches = consecutive_batches(samples, options.batch_size);
  const Turns turns(*options.replicas, batches.size(), !options.training_mode);
  samplers::Batches own;
  for (std::size_t i = turns.first; i < batches.size(); i += turns.step) own.push_back(batches[i]);
  EmbeddedSet set;
  const auto keep = [&](const data::Batch& batch, const models::NetworkOutput& output) {
    const auto begin = batch.positions[0].item<std::int64_t>();
    for (const auto& [name, rows] : output.heads) put(set.heads[name], rows, begin, samples);
    put(set.embeddings, output.embeddings, begin, samples);
    if (options.features) put(set.features, output.avg_features, begin, samples);
  };
  OODML_ASSIGN_OR_RETURN(const bool done, infer_batches(network, dataset, own, options, keep));
  if (!done) return std::nullopt;
  if (turns.shared) share_rows(set, *options.replicas);
  return set;
}

torch::Tensor joined_embeddings(const EmbeddedSet& set, const catalogue::Embeddings& wanted, bool normalize) {
  if (wanted.are_features) return set.features;
  if (wanted.heads.empty()) return set.embeddings;
  std::vector<torch::Tensor> weighted;
  for (std::size_t i = 0; i < wanted.heads.size(); ++i) {
    weighted.push_back(set.heads.at(wanted.heads[i]) * wanted.weights[i]);
  }
  const auto rows = torch::cat(weighted, 1);  // [N, D * heads]
  return normalize ? rows / rows.norm(2, {1}, true).clamp_min(1e-12) : rows;
}

}  // namespace oodml::train
