#include "core/train/trainer.h"

#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/models/share_batches.h"
#include "core/train/replicas.h"

namespace oodml::train {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgressInterval{500};

double seconds_between(steady_clock::time_point begin, steady_clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Only how the numbers lie in memory changes.
void make_channels_last(torch::nn::Module& network) {
  for (torch::Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

Parts moved_to(Parts parts, const torch::Device& device, bool channels_last) {
  parts.network->to(device);
  parts.criterion->to(device);
  if (channels_last) make_channels_last(*parts.network);
  if (channels_last && parts.key_network) make_channels_last(*parts.key_network);
  if (parts.key_network) parts.key_network->to(device);
  if (parts.uniformity_prior) parts.uniformity_prior->to(device);
  return parts;
}

}  // namespace

Trainer::Trainer(Parts parts, TrainOptions options, CheckpointStore checkpoints, Channel channel, const Clock& clock)
    : parts_(moved_to(std::move(parts), options.device, options.channels_last)),
      options_(std::move(options)),
      checkpoints_(std::move(checkpoints)),
      best_(checkpoints_.best()),
      channel_(std::move(channel)),
      clock_(clock),
      step_(parts_, options_),
      pace_(clock, kProgressInterval),
      steps_per_epoch_(options_.epochs > 0 ? parts_.sampler->batches_per_epoch() : 0),
      newest_loss_(std::numeric_limits<double>::quiet_NaN()) {
  if (parts_.sampler && parts_.sampler->needs_embeddings()) store_.emplace();
  if (options_.selection) selected_.emplace(*options_.selection, options_.epochs > 0);
  if (parts_.split_fid) state_.history.push_back({0, "test", "embeds", "fid", *parts_.split_fid});
  if (!options_.replicas->alone()) models::share_batches(*parts_.network, options_.replicas);
}

Status Trainer::resume(const Snapshot& snapshot) {
  OODML_RETURN_IF_ERROR(models::copy_into(models::state_of(*parts_.network), snapshot.network, "restore the network"));
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*parts_.criterion), snapshot.criterion, "restore the criterion"));
  OODML_RETURN_IF_ERROR(step_.restore(snapshot.optimizer, snapshot.extras));
  if (store_) OODML_RETURN_IF_ERROR(store_->restore(models::below(snapshot.extras, "store"), options_.device));
  if (parts_.policy) OODML_RETURN_IF_ERROR(parts_.policy->restore(models::below(snapshot.extras, "policy")));
  state_ = snapshot.state;
  if (selected_) selected_->restore(models::below(snapshot.extras, "selected"));
  return {};
}

Result<Ending> Trainer::run() {
  const c10::DeviceGuard guard(options_.device);
  OODML_RETURN_IF_ERROR(start_together(*options_.replicas, state_, module_state(), options_.device));
  for (const job::Metric& metric : state_.history) OODML_RETURN_IF_ERROR(emit(metric));
  if (is_first()) {
    if (const Status ready = checkpoints_.prepare(); !ready.ok()) return unavailable(ready.message());
  }
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

models::NamedTensors Trainer::module_state() const {
  models::NamedTensors state;
  models::add_below(state, "network", models::state_of(*parts_.network));
  models::add_below(state, "criterion", models::state_of(*parts_.criterion));
  return state;
}

Result<Trainer::Flow> Trainer::run_epochs() {
  // What is left of an epoch is done with its sets.
  const bool between = state_.step == 0 && state_.epoch > 0 && state_.evaluated != state_.epoch;
  OODML_RETURN_IF_ERROR(begin_policy_epoch(between ? state_.epoch - 1 : state_.epoch));
  OODML_ASSIGN_OR_RETURN(Flow flow, finish_epoch());
  while (flow == Flow::kGoOn && state_.epoch < options_.epochs) {
    OODML_ASSIGN_OR_RETURN(flow, prepare());
    if (flow != Flow::kGoOn) return flow;
    OODML_ASSIGN_OR_RETURN(flow, train_epoch());
    if (flow != Flow::kGoOn) return flow;
    OODML_ASSIGN_OR_RETURN(flow, finish_epoch());
  }
  return flow;
}

Result<Trainer::Flow> Trainer::finish_epoch() {
  if (state_.evaluated == state_.epoch) return Flow::kGoOn;
  OODML_ASSIGN_OR_RETURN(const Flow flow, evaluate_if_due());
  if (flow != Flow::kGoOn) return flow;
  const bool last = state_.epoch == options_.epochs;
  const bool due = state_.epoch > 0 && state_.epoch % options_.checkpoint_every == 0;
  if (last || due) OODML_RETURN_IF_ERROR(save_checkpoint());
  return Flow::kGoOn;
}

Result<Trainer::Flow> Trainer::prepare() {
  OODML_ASSIGN_OR_RETURN(Flow flow, fill_store());
  if (flow == Flow::kGoOn && step_.keys() != nullptr) {
    OODML_ASSIGN_OR_RETURN(flow, fill_queue(*step_.keys()));
  }
  return flow;
}

Result<Trainer::Flow> Trainer::fill_store() {
  if (!store_ || store_->filled()) return Flow::kGoOn;
  OODML_ASSIGN_OR_RETURN(const auto embedded, embed_set(parts_.train, "preparing"));
  if (!embedded) return Flow::kStop;
  if (!embedded->is_finite()) return Flow::kNotFinite;
  store_->fill(embedded->embeddings);
  store_->begin_epoch();
  return Flow::kGoOn;
}

Result<Trainer::Flow> Trainer::fill_queue(MomentumKeys& keys) {
  if (keys.filled()) return Flow::kGoOn;
  const auto wanted = static_cast<std::size_t>(options_.keys.queue_batches);
  samplers::Batches chosen;
  for (std::int64_t spare = options_.epochs; chosen.size() < wanted; ++spare) {
    for (auto& batch : batches(spare)) chosen.push_back(std::move(batch));
  }
  chosen.resize(wanted);
  data::LoaderOptions first_view = options_.training_loader;
  first_view.second_view = false;
  data::Loader loader(parts_.train, first_view, chosen, options_.seeds, static_cast<std::uint64_t>(options_.epochs));
  OODML_ASSIGN_OR_RETURN(const bool filled, keys.fill(loader, options_.device, [&] { return goes_on("preparing"); }));
  OODML_RETURN_IF_ERROR(told_);
  return filled ? Flow::kGoOn : Flow::kStop;
}

samplers::Batches Trainer::batches(std::int64_t epoch) const {
  return parts_.sampler->epoch(static_cast<std::uint64_t>(epoch), store_ ? store_->at_epoch_start() : torch::Tensor());
}

Result<Trainer::Flow> Trainer::train_epoch() {
  if (state_.step == 0 && store_) store_->begin_epoch();
  OODML_RETURN_IF_ERROR(begin_policy_epoch(state_.epoch));
  parts_.network->train();
  parts_.criterion->train();
  const samplers::Batches whole = batches(state_.epoch);
  data::Loader loader(parts_.train, for_own_part(options_.training_loader, whole.front().size(), *options_.replicas),
                      own_part(whole, *options_.replicas), options_.seeds, static_cast<std::uint64_t>(state_.epoch),
                      static_cast<std::size_t>(state_.step));
  LossMeter losses(options_.device, {state_.loss_sum, state_.step, state_.finite_losses});
  looked_ = clock_.steady_now();
  trained_ = waited_ = 0.0;
  OODML_ASSIGN_OR_RETURN(const Flow left, follow_policy(state_.step));
  if (left != Flow::kGoOn) return left;
  for (;;) {
    if (channel_.stop_requested()) return look_at(losses) ? Flow::kStop : Flow::kNotFinite;
    const auto asked = clock_.steady_now();
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, loader.next());
    waited_ += seconds_between(asked, clock_.steady_now());
    if (!batch.images.defined()) break;
    train_step(batch, losses);
    const bool tell = pace_.due();
    if ((tell || options_.device.is_cpu()) && !look_at(losses)) return Flow::kNotFinite;
    OODML_ASSIGN_OR_RETURN(const Flow flow, follow_policy(losses.steps()));
    if (flow != Flow::kGoOn) return look_at(losses) ? flow : Flow::kNotFinite;
    if (tell) OODML_RETURN_IF_ERROR(tell_progress("training"));
  }
  if (!look_at(losses) || (state_.step > 0 && state_.finite_losses == 0)) return Flow::kNotFinite;
  OODML_RETURN_IF_ERROR(record_epoch());
  return Flow::kGoOn;
}

bool Trainer::look_at(const LossMeter& losses) {
  // Of several replicas only the first ends the run.
  const bool looks = is_first() && !options_.skip_not_finite;
  const auto bad_step = looks ? losses.first_not_finite() : std::nullopt;
  const auto now = clock_.steady_now();
  const double seconds = seconds_between(looked_, now);
  looked_ = now;
  pace_.steps_done(losses.steps() - state_.step, seconds);
  state_.seconds += seconds;
  trained_ += seconds;
  state_.step = bad_step.value_or(losses.steps());
  state_.loss_sum = losses.sum();
  state_.finite_losses = losses.finite();
  newest_loss_ = losses.newest();
  return !bad_step;
}

void Trainer::train_step(const data::Batch& batch, LossMeter& losses) {
  const std::int64_t step = losses.steps();
  const StepOutcome outcome = step_.run(batch, {.epoch = state_.epoch,
                                                .step = step,
                                                .steps = steps_per_epoch_,
                                                .iteration = state_.epoch * steps_per_epoch_ + step});
  if (store_ && options_.update_store) store_->put(outcome.positions, outcome.embeddings);
  losses.add(outcome.loss, outcome.outputs);
}

Status Trainer::record_epoch() {
  const std::int64_t finished = state_.epoch + 1;
  const double mean = state_.loss_sum / static_cast<double>(std::max<std::int64_t>(state_.finite_losses, 1));
  std::vector<std::pair<std::string, double>> figures = {{"loss", mean}, {"seconds", state_.seconds}};
  figures.emplace_back("data_wait", trained_ > 0.0 ? waited_ / trained_ : 0.0);
  for (auto& figure : step_.finish_epoch()) figures.push_back(std::move(figure));
  for (auto& [name, value] : figures) {
    state_.history.push_back({finished, "train", "embeds", std::move(name), value});
    OODML_RETURN_IF_ERROR(emit(state_.history.back()));
  }
  OODML_RETURN_IF_ERROR(record_policy(finished));
  state_.epoch = finished;
  state_.step = state_.finite_losses = 0;
  state_.loss_sum = state_.seconds = 0.0;
  return {};
}

bool Trainer::evaluation_due(std::int64_t epoch) const {
  if (epoch == options_.epochs) return true;
  return epoch == 0 ? options_.evaluate_before_training : epoch % options_.evaluate_every == 0;
}

Result<Trainer::Flow> Trainer::evaluate_if_due() {
  if (evaluation_due(state_.epoch)) {
    const auto begin = clock_.steady_now();
    std::vector<job::Metric> figures;
    for (const EvaluationSet& set : parts_.sets) {
      OODML_ASSIGN_OR_RETURN(const Flow flow, evaluate_set(set, figures));
      if (flow != Flow::kGoOn) return flow;
    }
    OODML_RETURN_IF_ERROR(keep_best(figures));
    state_.history.insert(state_.history.end(), figures.begin(), figures.end());
    if (selected_) selected_->look(state_.history, state_.epoch, *parts_.network);
    pace_.evaluation_done(seconds_between(begin, clock_.steady_now()));
  }
  state_.evaluated = state_.epoch;
  return Flow::kGoOn;
}

bool Trainer::goes_on(const char* phase) {
  if (told_.ok() && pace_.due()) told_ = tell_progress(phase);
  return told_.ok() && !channel_.stop_requested();
}

bool Trainer::evaluates_features() const {
  return std::ranges::any_of(options_.embeddings, [](const auto& wanted) { return wanted.parts.are_features; });
}

Result<std::optional<EmbeddedSet>> Trainer::embed_set(const std::shared_ptr<const data::Dataset>& dataset,
                                                      const char* phase, bool training_mode) {
  OODML_ASSIGN_OR_RETURN(auto embedded, embed(*parts_.network, dataset,
                                              {.device = options_.device,
                                               .batch_size = options_.evaluation_batch_size,
                                               .loader = options_.evaluation_loader,
                                               .precision = options_.precision,
                                               .channels_last = options_.channels_last,
                                               .keep_going = [&] { return goes_on(phase); },
                                               .replicas = options_.replicas,
                                               .features = evaluates_features(),
                                               .training_mode = training_mode}));
  OODML_RETURN_IF_ERROR(told_);
  return embedded;
}

Result<Trainer::Flow> Trainer::evaluate_set(const EvaluationSet& set, std::vector<job::Metric>& figures) {
  OODML_ASSIGN_OR_RETURN(const auto embedded, embed_set(set.dataset, "evaluating"));
  if (!embedded) return Flow::kStop;
  if (!is_first()) return Flow::kGoOn;
  if (!embedded->is_finite()) return Flow::kNotFinite;
  for (const NamedEmbeddings& wanted : options_.embeddings) {
    const auto rows = joined_embeddings(*embedded, wanted.parts, options_.normalize);
    const auto measured = measure(set, rows, wanted.name, state_.epoch, [&] { return goes_on("evaluating"); });
    OODML_RETURN_IF_ERROR(told_);
    if (!measured && measured.error().code() == StatusCode::kCancelled) return Flow::kStop;
    OODML_RETURN_IF_ERROR(measured);
    for (const VectorFigure& vector : measured->vectors) replace(state_.vectors, vector);
    for (const job::Metric& figure : measured->figures) {
      figures.push_back(figure);
      OODML_RETURN_IF_ERROR(emit(figure));
    }
  }
  return Flow::kGoOn;
}

Status Trainer::keep_best(const std::vector<job::Metric>& figures) {
  for (const job::Metric& figure : figures) {
    const auto& wanted = options_.keep_best;
    if (std::find(wanted.begin(), wanted.end(), figure.name) == wanted.end()) continue;
    if (!is_best(figure, state_.history, options_.epochs > 0)) continue;
    const Status kept = best_.write(figure, models::state_of(*parts_.network), models::state_of(*parts_.criterion));
    if (!kept.ok()) return unavailable("keep the best epoch: " + kept.message());
  }
  return {};
}

Status Trainer::save_checkpoint() {
  if (!is_first()) return {};
  Snapshot snapshot{state_, models::state_of(*parts_.network), models::state_of(*parts_.criterion),
                    step_.optimizer_state(), step_.extras()};
  if (store_) models::add_below(snapshot.extras, "store", store_->state(/*inside_epoch=*/state_.step > 0));
  if (parts_.policy) models::add_below(snapshot.extras, "policy", parts_.policy->tensors());
  if (selected_) models::add_below(snapshot.extras, "selected", selected_->state());
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
