#include "core/train/training_step.h"

#include <utility>
#include <vector>

#include "core/data/quarter_turns.h"
#include "core/train/device.h"

namespace oodml::train {
namespace {

/// training.md 4.2: the network, its heads apart when they have a rate of their own, then the criterion's groups,
/// which never decay.
std::vector<ParameterGroup> make_groups(const Parts& parts, const TrainOptions& options) {
  ParameterGroup body{{}, options.lr, options.weight_decay};
  ParameterGroup head{{}, options.fc_lr, options.weight_decay};
  for (const auto& item : parts.network->named_parameters()) {
    const bool apart = options.fc_lr >= 0 && item.key().starts_with("last_linear.");
    (apart ? head : body).parameters.push_back(item.value());
  }
  std::vector<ParameterGroup> groups = {std::move(body), std::move(head)};
  for (auto& group : parts.criterion->parameter_groups()) groups.push_back({std::move(group.parameters), group.lr, 0.0});
  return groups;
}

torch::Tensor all_outputs(const models::NetworkOutput& output) {
  if (output.heads.empty()) return output.embeddings;
  std::vector<torch::Tensor> heads;
  for (const auto& [name, embeddings] : output.heads) heads.push_back(embeddings.detach());
  return torch::cat(heads, 1);
}

}  // namespace

TrainingStep::TrainingStep(const Parts& parts, const TrainOptions& options)
    : parts_(parts),
      options_(options),
      optimizer_(make_groups(parts, options)),
      miner_generator_(make_generator(options.device)),
      criterion_generator_(make_generator(options.device)) {
  if (parts.uniformity_prior) adversary_.emplace(parts.uniformity_prior, options.adversary, options.device);
  if (parts.key_network) keys_.emplace(parts.network, parts.key_network, options.keys);
}

std::optional<miners::Tuples> TrainingStep::mined(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                                  const StepPlace& place) {
  if (!parts_.miner) return std::nullopt;
  const auto epoch = static_cast<std::uint64_t>(place.epoch), step = static_cast<std::uint64_t>(place.step);
  miner_generator_.set_current_seed(options_.seeds.derive("miner", {epoch, step}));
  return parts_.miner->mine(embeddings.detach(), labels, miner_generator_);
}

StepOutcome TrainingStep::run(const data::Batch& batch, const StepPlace& place) {
  const auto on_device = [&](const torch::Tensor& tensor) { return tensor.to(options_.device, /*non_blocking=*/true); };
  const auto epoch = static_cast<std::uint64_t>(place.epoch), step = static_cast<std::uint64_t>(place.step);
  auto images = on_device(batch.images);
  const auto labels = on_device(batch.labels);
  torch::Tensor rotation, keys, queue;
  if (options_.rotate_images) {
    rotation = data::quarter_turns(on_device(batch.positions));
    images = data::rotated(images, rotation);
  }
  if (keys_) {
    keys = keys_->embed(on_device(batch.second_view));
    queue = keys_->queue();
  }

  const models::NetworkOutput output = parts_.network->forward(images, place.epoch < options_.warmup);
  const auto tuples = mined(output.embeddings, labels, place);
  criterion_generator_.set_current_seed(options_.seeds.derive("criterion", {epoch, step}));
  auto loss = parts_.criterion->forward({.embeddings = output.embeddings,
                                         .labels = labels,
                                         .features = output.features,
                                         .avg_features = output.avg_features,
                                         .heads = output.heads,
                                         .keys = keys,
                                         .queue = queue,
                                         .rotation = rotation,
                                         .generator = criterion_generator_},
                                        tuples);
  if (adversary_) {
    const auto seed = options_.seeds.derive("uniformity_prior", {epoch, step});
    loss = loss + adversary_->term(output.avg_features, place.epoch, place.iteration, seed);
  }
  optimizer_.zero_grad();
  loss.backward();
  optimizer_.step(rate_factor(options_.tau, options_.gamma, place.epoch));
  if (keys_) keys_->advance(keys);
  return {loss.detach(), output.embeddings.detach(), all_outputs(output)};
}

models::NamedTensors TrainingStep::extras() const {
  models::NamedTensors extras;
  if (adversary_) models::add_below(extras, "adversary", adversary_->state());
  if (keys_) models::add_below(extras, "keys", keys_->state());
  return extras;
}

Status TrainingStep::restore(const models::NamedTensors& optimizer, const models::NamedTensors& extras) {
  OODML_RETURN_IF_ERROR(optimizer_.restore(optimizer));
  if (adversary_) OODML_RETURN_IF_ERROR(adversary_->restore(models::below(extras, "adversary")));
  if (keys_) OODML_RETURN_IF_ERROR(keys_->restore(models::below(extras, "keys"), options_.device));
  return {};
}

}  // namespace oodml::train
