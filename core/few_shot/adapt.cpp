#include "core/few_shot/adapt.h"

#include <utility>

#include "core/criteria/criterion.h"
#include "core/few_shot/joined_network.h"
#include "core/train/training_step.h"

namespace oodml::few_shot {
namespace {

/// A step of an episode as one of training: no decay, no schedule. Warm-up leaves the backbone without gradients, which
/// the optimiser passes over.
train::TrainOptions step_options(const FewShotOptions& options, const Training& training, Seeds seeds,
                                 bool reads_features) {
  train::TrainOptions step;
  step.device = training.device;
  step.seeds = seeds;
  step.epochs = 1;
  step.warmup = options.only_last ? 1 : 0;
  step.optimizer = {.rule = options.rule, .momentum = 0.0};
  step.groups = {.lr = options.lr, .fc_lr = -1.0, .weight_decay = 0.0};
  step.precision = training.precision;
  step.channels_last = training.channels_last && !reads_features;
  return step;
}

Result<std::shared_ptr<criteria::Criterion>> criterion_of(const FewShotOptions& options, std::int64_t classes,
                                                          const models::Network& network) {
  return criteria::make_criterion(options.criterion, {.feature_dim = network.feature_dim(),
                                                      .n_classes = classes,
                                                      .lr = options.lr,
                                                      .miner = options.miner,
                                                      .compat_paper = options.compat_paper,
                                                      .generator = {}});
}

}  // namespace

Result<Flow> adapt(Adapted adapted, SupportBatches& batches, const FewShotOptions& options, const Training& training,
                   Seeds seeds, bool reads_features, const std::function<bool(std::int64_t)>& keep_going) {
  train::Parts parts;
  OODML_ASSIGN_OR_RETURN(parts.criterion, criterion_of(options, adapted.classes, *adapted.network));
  parts.criterion->to(training.device);
  parts.miner = std::move(adapted.miner);
  parts.network = std::make_shared<JoinedNetwork>(adapted.network, options.adapted, training.normalize, reads_features);
  parts.network->train(!options.only_last);
  const train::TrainOptions step_of = step_options(options, training, seeds, reads_features);
  train::TrainingStep step(parts, step_of);
  auto finite = torch::ones({}, torch::TensorOptions(training.device).dtype(torch::kBool));
  for (std::int64_t number = 0; number < options.steps; ++number) {
    if (!keep_going(number)) return Flow::kStop;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, batches.next());
    const auto outcome = step.run(batch, {.epoch = 0, .step = number, .steps = options.steps, .iteration = number});
    // Looked at once, so that a GPU waits for nobody. Criteria may turn NaN into a loss of zero.
    finite.logical_and_(outcome.loss.isfinite()).logical_and_(outcome.outputs.isfinite().all());
  }
  return finite.item<bool>() ? Flow::kGoOn : Flow::kNotFinite;
}

}  // namespace oodml::few_shot
