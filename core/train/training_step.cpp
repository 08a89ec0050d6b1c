#include "core/train/training_step.h"

#include <algorithm>
#include <utility>

#include "core/data/quarter_turns.h"
#include "core/train/device.h"
#include "core/train/replicas.h"

namespace oodml::train {
namespace {

torch::Tensor all_outputs(const models::NetworkOutput& output) {
  if (output.heads.empty()) return output.embeddings;
  std::vector<torch::Tensor> heads;
  for (const auto& [name, embeddings] : output.heads) heads.push_back(embeddings.detach());
  return torch::cat(heads, 1);
}

WholeFeatures features_to_see(const Parts& parts, const TrainOptions& options) {
  if (options.reads_features) return WholeFeatures::kAll;
  return parts.uniformity_prior ? WholeFeatures::kPooled : WholeFeatures::kNone;
}

void set_to_zero(const std::vector<torch::Tensor>& parameters) {
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) parameter.mutable_grad().zero_();
  }
}

}  // namespace

TrainingStep::TrainingStep(const Parts& parts, const TrainOptions& options)
    : parts_(parts),
      options_(options),
      optimizer_(make_optimizer(make_groups(*parts.network, *parts.criterion, options.groups), options.optimizer)),
      network_parameters_(parts.network->parameters()),
      criterion_parameters_(parts.criterion->parameters()),
      figures_(options.device),
      pushes_(parts, options.device),
      miner_generator_(make_generator(options.device)),
      criterion_generator_(make_generator(options.device)) {
  if (parts.uniformity_prior) adversary_.emplace(parts.uniformity_prior, options.adversary, options.device);
  if (parts.key_network) keys_.emplace(parts.network, parts.key_network, options.keys);
  const bool half_range = options.precision == Precision::kFloat16;
  if (half_range || options.skip_not_finite) scaler_.emplace(options.device, half_range);
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
  auto images = on_device(batch.images);
  const auto [labels, positions] = whole_index(*options_.replicas, on_device(batch.labels), batch.positions);
  criteria::BatchOutput read;
  if (options_.rotate_images) {
    read.rotation = data::quarter_turns(on_device(positions));
    images = data::rotated(images, data::quarter_turns(on_device(batch.positions)));
  }
  if (keys_) {
    read.keys = options_.replicas->gather(keys_->embed(on_device(batch.second_view)));
    read.queue = keys_->queue();
  }
  if (options_.channels_last) images = images.contiguous(torch::MemoryFormat::ChannelsLast);
  const auto own = forward(*parts_.network, images, place.epoch < options_.warmup, options_.precision);
  const auto output = whole_output(*options_.replicas, own, features_to_see(parts_, options_));
  const auto keys = read.keys;
  const auto loss = loss_of(output, labels, std::move(read), place);
  learn(loss, place);
  if (keys_) keys_->push(keys);
  return {loss.detach(), output.embeddings.detach(), all_outputs(output), positions};
}

torch::Tensor TrainingStep::loss_of(const models::NetworkOutput& output, const torch::Tensor& labels,
                                    criteria::BatchOutput batch, const StepPlace& place) {
  const auto epoch = static_cast<std::uint64_t>(place.epoch), step = static_cast<std::uint64_t>(place.step);
  const auto tuples = mined(output.embeddings, labels, place);
  criterion_generator_.set_current_seed(options_.seeds.derive("criterion", {epoch, step}));
  batch.embeddings = output.embeddings;
  batch.labels = labels;
  batch.features = output.features;
  batch.avg_features = output.avg_features;
  batch.heads = output.heads;
  batch.generator = criterion_generator_;
  const auto loss = parts_.criterion->forward(batch, tuples);
  pushes_.add();
  if (!adversary_) return loss;
  const auto seed = options_.seeds.derive("uniformity_prior", {epoch, step});
  return loss + adversary_->term(output.avg_features, place.epoch, place.iteration, seed);
}

void TrainingStep::learn(const torch::Tensor& loss, const StepPlace& place) {
  const std::int64_t first = place.step - place.step % options_.accumulate;
  const std::int64_t batches = std::min(options_.accumulate, place.steps - first);
  if (place.step == first) optimizer_->zero_grad();
  // What earlier batches of the group gave is with the first replica, so that a checkpoint of it holds all.
  if (options_.replicas->rank() > 0) set_to_zero(network_parameters_);
  const auto share = batches > 1 ? loss / batches : loss;
  (scaler_ ? scaler_->scaled(share) : share).backward();
  join_gradients();
  inside_group_ = place.step + 1 < first + batches;
  if (!inside_group_) update(place);
}

void TrainingStep::join_gradients() {
  if (options_.replicas->alone()) return;
  // Criteria see the whole batch, so each replica has their whole gradient: the first one's is taken.
  if (options_.replicas->rank() > 0) set_to_zero(criterion_parameters_);
  add_up(*options_.replicas, optimizer_->gradients());
}

void TrainingStep::update(const StepPlace& place) {
  torch::Tensor skip;
  if (scaler_) {
    skip = scaler_->unscale(optimizer_->gradients());
    figures_.add_skipped(skip);
  }
  if (options_.gradient_statistics) {
    std::vector<torch::Tensor> gradients;
    for (const torch::Tensor& parameter : network_parameters_) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
    figures_.add(gradient_statistics(gradients, options_.device), skip);
  }
  optimizer_->step(rate_factor(options_.tau, options_.gamma, place.epoch), skip);
  if (keys_) keys_->follow();
}

std::vector<std::pair<std::string, double>> TrainingStep::finish_epoch() {
  auto figures = figures_.finish_epoch(options_.gradient_statistics, scaler_.has_value());
  for (auto& figure : pushes_.finish_epoch()) figures.push_back(std::move(figure));
  return figures;
}

models::NamedTensors TrainingStep::extras() const {
  models::NamedTensors extras;
  if (adversary_) models::add_below(extras, "adversary", adversary_->state());
  if (keys_) models::add_below(extras, "keys", keys_->state());
  if (scaler_) models::add_below(extras, "scaler", scaler_->state());
  if (scaler_ || options_.gradient_statistics) models::add_below(extras, "figures", figures_.state());
  if (pushes_.counts()) models::add_below(extras, "pushes", pushes_.state());
  if (inside_group_) models::add_below(extras, "gradients", optimizer_->gradient_state());
  return extras;
}

Status TrainingStep::restore(const models::NamedTensors& optimizer, const models::NamedTensors& extras) {
  OODML_RETURN_IF_ERROR(optimizer_->restore(optimizer));
  if (adversary_) OODML_RETURN_IF_ERROR(adversary_->restore(models::below(extras, "adversary")));
  if (keys_) OODML_RETURN_IF_ERROR(keys_->restore(models::below(extras, "keys"), options_.device));
  if (scaler_) OODML_RETURN_IF_ERROR(scaler_->restore(models::below(extras, "scaler")));
  if (scaler_ || options_.gradient_statistics) {
    OODML_RETURN_IF_ERROR(figures_.restore(models::below(extras, "figures")));
  }
  if (pushes_.counts()) OODML_RETURN_IF_ERROR(pushes_.restore(models::below(extras, "pushes")));
  const auto gradients = models::below(extras, "gradients");
  inside_group_ = !gradients.empty();
  if (inside_group_) OODML_RETURN_IF_ERROR(optimizer_->restore_gradients(gradients));
  return {};
}

}  // namespace oodml::train
