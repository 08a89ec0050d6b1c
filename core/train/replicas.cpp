#include "core/train/replicas.h"

#include <map>
#include <string>
#include <utility>

namespace oodml::train {

samplers::Batches own_part(samplers::Batches batches, const collective::Collective& replicas) {
  if (replicas.alone()) return batches;
  for (auto& batch : batches) {
    const auto share = static_cast<std::ptrdiff_t>(batch.size()) / replicas.size();
    const auto begin = batch.begin() + share * replicas.rank();
    batch = samplers::Batch(begin, begin + share);
  }
  return batches;
}

data::LoaderOptions for_own_part(data::LoaderOptions loader, std::int64_t batch_size,
                                 const collective::Collective& replicas) {
  loader.first_place = static_cast<std::size_t>(batch_size / replicas.size() * replicas.rank());
  return loader;
}

BatchIndex whole_index(collective::Collective& replicas, const torch::Tensor& labels, const torch::Tensor& positions) {
  if (replicas.alone()) return {labels, positions};
  const auto all = replicas.gather(torch::stack({labels, positions.to(labels.device(), true)}, 1));  // [B, 2]
  return {all.select(1, 0).contiguous(), all.select(1, 1).contiguous()};
}

models::NetworkOutput whole_output(collective::Collective& replicas, const models::NetworkOutput& own,
                                   WholeFeatures features) {
  if (replicas.alone()) return own;
  const auto whole = [&](const torch::Tensor& rows) { return collective::gather_attached(replicas, rows); };
  models::NetworkOutput output = own;
  output.embeddings = whole(own.embeddings);
  for (auto& [name, rows] : output.heads) rows = rows.is_same(own.embeddings) ? output.embeddings : whole(rows);
  if (features != WholeFeatures::kNone) output.avg_features = whole(own.avg_features);
  if (features == WholeFeatures::kAll) output.features = whole(own.features);
  return output;
}

void add_up(collective::Collective& replicas, const std::vector<torch::Tensor>& gradients) {
  if (replicas.alone()) return;
  std::map<torch::ScalarType, std::vector<torch::Tensor>> by_type;
  for (const torch::Tensor& gradient : gradients) by_type[gradient.scalar_type()].push_back(gradient);
  for (const auto& [type, tensors] : by_type) {
    std::vector<torch::Tensor> rows;
    for (const torch::Tensor& tensor : tensors) rows.push_back(tensor.reshape({-1}));
    auto all = torch::cat(rows);
    replicas.add_up(all);
    std::int64_t done = 0;
    for (const torch::Tensor& tensor : tensors) {
      tensor.copy_(all.narrow(0, done, tensor.numel()).view(tensor.sizes()));
      done += tensor.numel();
    }
  }
}

Status start_together(collective::Collective& replicas, const RunState& state, const models::NamedTensors& tensors,
                      const torch::Device& device) {
  if (replicas.alone()) return {};
  const auto mine = torch::tensor({state.epoch, state.step, state.evaluated}, torch::kInt64).to(device);
  const auto all = replicas.gather(mine.unsqueeze(0));  // [ranks, 3]
  if (!all.eq(mine).all().item<bool>()) {
    return failed_precondition(
        "the replicas of the trial found different checkpoints to go on from; they must see the "
        "same run directories");
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : tensors) {
    auto value = tensor.contiguous();
    replicas.broadcast(value, 0);
    tensor.copy_(value);
  }
  return {};
}

}  // namespace oodml::train
