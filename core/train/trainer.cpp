#include "core/train/trainer.h"

#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/train/device.h"
#include "core/train/embed.h"

namespace oodml::train {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgressInterval{500};

double seconds_between(steady_clock::time_point begin, steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// training.md 4.2: the network, its head apart when it has a rate of its own, then the criterion's groups,
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

Parts moved_to(Parts parts, const torch::Device& device) {
  parts.network->to(device);
  parts.criterion->to(device);
  return parts;
}

}  // namespace

Trainer::Trainer(Parts parts, TrainOptions options, CheckpointStore checkpoints, Channel channel, const Clock& clock)
    : parts_(moved_to(std::move(parts), options.device)),
      options_(std::move(options)),
      checkpoints_(std::move(checkpoints)),
      channel_(std::move(channel)),
      clock_(clock),
      optimizer_(make_groups(parts_, options_)),
      miner_generator_(make_generator(options_.device)),
      criterion_generator_(make_generator(options_.device)),
      pace_(clock, kProgressInterval),
      steps_per_epoch_(options_.epochs > 0 ? parts_.sampler->batches_per_epoch() : 0),
      newest_loss_(std::numeric_limits<double>::quiet_NaN()) {}

Status Trainer::resume(const Snapshot& snapshot) {
  OODML_RETURN_IF_ERROR(models::copy_into(models::state_of(*parts_.network), snapshot.network, "restore the network"));
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*parts_.criterion), snapshot.criterion, "restore the criterion"));
  OODML_RETURN_IF_ERROR(optimizer_.restore(snapshot.optimizer));
  state_ = snapshot.state;
  return {};
}

Result<Ending> Trainer::run() {
  const c10::DeviceGuard guard(options_.device);
  for (const job::Metric& metric : state_.history) OODML_RETURN_IF_ERROR(emit(metric));
  if (const Status ready = checkpoints_.prepare(); !ready.ok()) return unavailable(ready.message());
  OODML_ASSIGN_OR_RETURN(const Flow flow, run_epochs());
  switch (flow) {
    case Flow::kGoOn:
      return Ending{Ending::Kind::kDone, state_.epoch, 0};
    case Flow::kNotFinite:
      return Ending{Ending::Kind::kNotFinite, state_.epoch, state_.step};
    case Flow::kStop:
      break;
  }
  OODML_RETURN_IF_ERROR(save_checkpoint());
  return Ending{Ending::Kind::kStopped, state_.epoch, state_.step};
}

Result<Trainer::Flow> Trainer::run_epochs() {
  OODML_ASSIGN_OR_RETURN(Flow flow, evaluate_if_due());
  while (flow == Flow::kGoOn && state_.epoch < options_.epochs) {
    OODML_ASSIGN_OR_RETURN(flow, train_epoch());
    if (flow != Flow::kGoOn) return flow;
    OODML_ASSIGN_OR_RETURN(flow, evaluate_if_due());
    if (flow != Flow::kGoOn) return flow;
    const bool last = state_.epoch == options_.epochs;
    if (last || state_.epoch % options_.checkpoint_every == 0) OODML_RETURN_IF_ERROR(save_checkpoint());
  }
  return flow;
}

Result<Trainer::Flow> Trainer::train_epoch() {
  const auto epoch = static_cast<std::uint64_t>(state_.epoch);
  parts_.network->train();
  parts_.criterion->train();
  data::Loader loader(parts_.train, options_.training_loader, parts_.sampler->epoch(epoch, /*stored=*/{}),
                      options_.seeds, epoch, static_cast<std::size_t>(state_.step));
  LossMeter losses(options_.device, state_.loss_sum, state_.step);
  looked_ = clock_.steady_now();
  for (;;) {
    if (channel_.stop_requested()) return look_at(losses) ? Flow::kStop : Flow::kNotFinite;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    if (!batch.images.defined()) break;
    train_step(batch, losses);
    const bool tell = pace_.due();
    if ((tell || options_.device.is_cpu()) && !look_at(losses)) return Flow::kNotFinite;
    if (tell) OODML_RETURN_IF_ERROR(tell_progress("training"));
  }
  if (!look_at(losses)) return Flow::kNotFinite;
  OODML_RETURN_IF_ERROR(record_epoch());
  return Flow::kGoOn;
}

bool Trainer::look_at(const LossMeter& losses) {
  const auto bad_step = losses.first_not_finite();
  const auto now = clock_.steady_now();
  const double seconds = seconds_between(looked_, now);
  looked_ = now;
  pace_.steps_done(losses.steps() - state_.step, seconds);
  state_.seconds += seconds;
  state_.step = bad_step.value_or(losses.steps());
  state_.loss_sum = losses.sum();
  newest_loss_ = losses.newest();
  return !bad_step;
}

void Trainer::train_step(const data::Batch& batch, LossMeter& losses) {
  const auto images = batch.images.to(options_.device, /*non_blocking=*/true);
  const auto labels = batch.labels.to(options_.device, /*non_blocking=*/true);
  const models::NetworkOutput output = parts_.network->forward(images, state_.epoch < options_.warmup);

  const auto epoch = static_cast<std::uint64_t>(state_.epoch), step = static_cast<std::uint64_t>(losses.steps());
  std::optional<miners::Tuples> tuples;
  if (parts_.miner) {
    miner_generator_.set_current_seed(options_.seeds.derive("miner", {epoch, step}));
    tuples = parts_.miner->mine(output.embeddings.detach(), labels, miner_generator_);
  }
  criterion_generator_.set_current_seed(options_.seeds.derive("criterion", {epoch, step}));
  const auto loss = parts_.criterion->forward({.embeddings = output.embeddings,
                                               .labels = labels,
                                               .features = output.features,
                                               .avg_features = output.avg_features,
                                               .generator = criterion_generator_},
                                              tuples);
  optimizer_.zero_grad();
  loss.backward();
  optimizer_.step(rate_factor(options_.tau, options_.gamma, state_.epoch));
  losses.add(loss, output.embeddings);
}

Status Trainer::record_epoch() {
  const std::int64_t finished = state_.epoch + 1;
  const double mean = state_.loss_sum / static_cast<double>(std::max<std::int64_t>(state_.step, 1));
  for (const auto& [name, value] : {std::pair("loss", mean), std::pair("seconds", state_.seconds)}) {
    state_.history.push_back({finished, "train", "embeds", name, value});
    OODML_RETURN_IF_ERROR(emit(state_.history.back()));
  }
  state_.epoch = finished;
  state_.step = 0;
  state_.loss_sum = state_.seconds = 0.0;
  return {};
}

bool Trainer::evaluation_due(std::int64_t epoch) const {
  if (epoch == options_.epochs) return true;
  return epoch == 0 ? options_.evaluate_before_training : epoch % options_.evaluate_every == 0;
}

Result<Trainer::Flow> Trainer::evaluate_if_due() {
  if (state_.evaluated == state_.epoch) return Flow::kGoOn;
  if (evaluation_due(state_.epoch)) {
    const auto begin = clock_.steady_now();
    std::vector<job::Metric> figures;
    for (const EvaluationSet& set : parts_.sets) {
      OODML_ASSIGN_OR_RETURN(const Flow flow, evaluate_set(set, figures));
      if (flow != Flow::kGoOn) return flow;
    }
    state_.history.insert(state_.history.end(), figures.begin(), figures.end());
    pace_.evaluation_done(seconds_between(begin, clock_.steady_now()));
  }
  state_.evaluated = state_.epoch;
  return Flow::kGoOn;
}

Result<Trainer::Flow> Trainer::evaluate_set(const EvaluationSet& set, std::vector<job::Metric>& figures) {
  Status told;  // a failure to tell progress ends the evaluation and comes out below
  const auto keep_going = [&] {
    if (told.ok() && pace_.due()) told = tell_progress("evaluating");
    return told.ok() && !channel_.stop_requested();
  };
  OODML_ASSIGN_OR_RETURN(const auto embeddings, embed(*parts_.network, set.dataset,
                                                      {options_.device, options_.evaluation_batch_size,
                                                       options_.evaluation_loader, keep_going}));
  OODML_RETURN_IF_ERROR(told);
  if (!embeddings) return Flow::kStop;
  if (!embeddings->isfinite().all().item<bool>()) return Flow::kNotFinite;

  std::vector<std::int64_t> labels;
  for (const auto& sample : set.dataset->samples) labels.push_back(sample.label);
  metrics::EvaluationOptions options = set.options;
  options.keep_going = keep_going;
  const auto values = metrics::evaluate(*embeddings, torch::tensor(labels), options);
  OODML_RETURN_IF_ERROR(told);
  if (!values && values.error().code() == StatusCode::kCancelled) return Flow::kStop;
  if (!values) return failure({values.error().code(), "evaluate the " + set.name + " set: " + values.error().message()});
  for (const metrics::MetricValue& metric : *values) {
    figures.push_back({state_.epoch, set.name, "embeds", metric.name, metric.value});
    OODML_RETURN_IF_ERROR(emit(figures.back()));
  }
  return Flow::kGoOn;
}

Status Trainer::save_checkpoint() {
  const Snapshot snapshot{state_, models::state_of(*parts_.network), models::state_of(*parts_.criterion),
                          optimizer_.state()};
  const auto committed = checkpoints_.write(snapshot);
  // Whatever its code, a folder that cannot be written is the machine's trouble, not the trial's.
  if (!committed) return unavailable("write a checkpoint: " + committed.error().message());
  return emit(job::Checkpoint{state_.epoch, committed->path, committed->manifest_sha256});
}

std::int64_t Trainer::evaluations_left() const {
  std::int64_t count = 0;
  for (std::int64_t epoch = state_.epoch; epoch <= options_.epochs; ++epoch) {
    count += epoch > state_.evaluated && evaluation_due(epoch);
  }
  return count;
}

Status Trainer::tell_progress(const char* phase) {
  const std::int64_t total = options_.epochs * steps_per_epoch_;
  const std::int64_t done = state_.epoch * steps_per_epoch_ + state_.step;
  return emit(job::Progress{state_.epoch, options_.epochs, done, total, newest_loss_,
                            pace_.seconds_left(total - done, evaluations_left()), phase});
}

}  // namespace oodml::train
