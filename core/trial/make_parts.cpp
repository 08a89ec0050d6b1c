#include "core/trial/make_parts.h"

#include <ATen/CPUGeneratorImpl.h>

#include <utility>

#include "core/criteria/criterion.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"
#include "core/pads/policy.h"
#include "core/samplers/batch_sampler.h"
#include "core/trial/backbone_weights.h"
#include "core/trial/keep_decoded.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {
namespace {

at::Generator generator(const TrialSettings& settings, std::string_view stream) {
  return at::make_generator<at::CPUGeneratorImpl>(settings.train.seeds.derive(stream));
}

Result<std::shared_ptr<models::Network>> network_of(const TrialSettings& settings, const Places& places) {
  return models::make_network(settings.arch, settings.embed_dim, generator(settings, "init"),
                              script_options(settings, places));
}

Result<std::shared_ptr<models::Network>> copy_of(const models::Network& network, const TrialSettings& settings,
                                                 const Places& places) {
  OODML_ASSIGN_OR_RETURN(auto copy, network_of(settings, places));
  OODML_RETURN_IF_ERROR(models::copy_into(models::state_of(*copy), models::state_of(network), "copy the network"));
  return copy;
}

Result<std::unique_ptr<samplers::BatchSampler>> sampler_of(const TrialSettings& settings,
                                                           std::shared_ptr<const data::Dataset> dataset,
                                                           std::int64_t steps_per_epoch) {
  return samplers::make_sampler(settings.sampler, {.dataset = std::move(dataset),
                                                   .batch_size = settings.batch_size,
                                                   .samples_per_class = settings.samples_per_class,
                                                   .steps_per_epoch = steps_per_epoch,
                                                   .seeds = settings.train.seeds,
                                                   .compat_paper = settings.compat_paper});
}

/// The sampler also chooses triplets, by what it sees of the validation set.
void adapt_sampling(const TrialSettings& settings, const TrialData& data, train::Parts& parts) {
  const std::int64_t steps = parts.sampler->batches_per_epoch();
  auto policy = std::make_unique<pads::Policy>(
      pads::policy_options(settings.sampler.params, settings.compat_paper),
      pads::PolicyRun{.data = {data.train, data.validation},
                      .validates_classes = settings.validation != "samples",
                      .epochs = settings.train.epochs,
                      .steps_per_epoch = steps,
                      .seeds = settings.train.seeds,
                      .make_sampler = [settings, steps](std::shared_ptr<const data::Dataset> train) {
                        return sampler_of(settings, std::move(train), steps);
                      }});
  parts.miner = policy->make_miner();
  parts.policy = std::move(policy);
}

std::vector<train::EvaluationSet> evaluation_sets(const TrialSettings& settings, const TrialData& data) {
  std::vector<train::EvaluationSet> sets;
  for (const auto& [name, dataset] : data.sets) {
    metrics::EvaluationOptions options = settings.evaluation;
    const bool is_foreign = name == "test" && settings.test_benchmark != "none";  // clusters: its own classes
    if (settings.cluster_by_train_classes && !is_foreign) {
      options.clusters = static_cast<std::int64_t>(data.train->class_names.size());
    }
    sets.push_back({name, dataset, std::move(options)});
  }
  return sets;
}

}  // namespace

Result<train::Parts> make_parts(const TrialSettings& settings, const Places& places, const Warn& warn) {
  train::Parts parts;
  OODML_ASSIGN_OR_RETURN(parts.network, network_of(settings, places));
  OODML_RETURN_IF_ERROR(load_weights(*parts.network, settings.backbone, settings.weights, places.weights_root, warn));
  if (settings.reads_keys) {
    OODML_ASSIGN_OR_RETURN(parts.key_network, copy_of(*parts.network, settings, places));
  }
  if (settings.uniformity_prior.weight > 0) {
    OODML_ASSIGN_OR_RETURN(parts.uniformity_prior,
                           criteria::make_uniformity_prior(settings.uniformity_prior, parts.network->feature_dim(),
                                                           generator(settings, "uniformity_prior_init")));
  }

  OODML_ASSIGN_OR_RETURN(TrialData data, open_data(settings, places.benchmarks_root, warn));
  keep_decoded(data, settings.cache_mib);
  parts.train = data.train;
  parts.sets = evaluation_sets(settings, data);
  parts.split_fid = data.fid;

  const criteria::CriterionContext context = {.embed_dim = settings.embed_dim,
                                              .feature_dim = parts.network->feature_dim(),
                                              .n_classes = static_cast<std::int64_t>(data.train->class_names.size()),
                                              .lr = settings.train.groups.lr,
                                              .arch = settings.arch,
                                              .miner = settings.miner,
                                              .compat_paper = settings.compat_paper,
                                              .generator = generator(settings, "criterion_init"),
                                              .scripts = places.scripts};
  OODML_ASSIGN_OR_RETURN(parts.criterion, criteria::make_criterion(settings.criterion, context));
  if (settings.miner.name != "none" && parts.criterion->miners_inside().empty()) {
    OODML_ASSIGN_OR_RETURN(parts.miner, miners::make_miner(settings.miner, settings.compat_paper));
  }
  if (settings.train.epochs > 0) {
    OODML_ASSIGN_OR_RETURN(parts.sampler, sampler_of(settings, data.train, settings.steps_per_epoch));
  }
  if (data.validation) adapt_sampling(settings, data, parts);
  return parts;
}

}  // namespace oodml::trial
