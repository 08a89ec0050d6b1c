#include "core/trial/trial_settings.h"

#include <algorithm>
#include <utility>

#include "core/catalogue/best_epoch.h"
#include "core/catalogue/few_shot.h"
#include "core/catalogue/weights.h"

namespace oodml::trial {
namespace {

/// DiVA contrasts the embeddings of this head; criteria of one head those of the network (docs/criteria.md#diva).
constexpr const char* kKeyHead = "selfsimilarity";

images::Pipeline pipeline_of(const std::string& augmentation) {
  if (augmentation == "adv") return images::Pipeline::kAdv;
  if (augmentation == "red") return images::Pipeline::kRed;
  return images::Pipeline::kBase;  // big differs in crop_size
}

data::LoaderOptions loader_of(const Params& values, bool training, std::int64_t threads) {
  data::LoaderOptions loader;
  if (training) loader.transform.pipeline = pipeline_of(values.text("augmentation"));
  loader.transform.crop_size = values.integer("crop_size");
  loader.transform.resize = values.integer("resize");
  loader.transform.normalisation = images::normalisation_of(values.text("arch"));
  loader.transform.fast_decode = values.text("decode") == "fast";
  const std::int64_t asked = values.integer("loader_threads");
  loader.threads = std::max<std::int64_t>(1, asked > 0 ? asked : threads);
  return loader;
}

train::AdversaryOptions adversary_of(const Params& values) {
  return {.every = values.integer("uniformity_prior.iter"),
          .lr = values.number("lr") * values.number("uniformity_prior.lrmulti"),
          .gamma = values.number("uniformity_prior.gamma"),
          .tau = values.integers("uniformity_prior.tau")};
}

train::Precision precision_of(const Params& values) {
  const std::string& name = values.text("precision");
  if (name == "bfloat16") return train::Precision::kBfloat16;
  return name == "float16" ? train::Precision::kFloat16 : train::Precision::kFloat32;
}

/// What keep_best says. Where it says nothing and the best network is to be uploaded, one metric decides which that is.
std::vector<std::string> kept_best_of(const Params& values) {
  const auto& said = values.texts("keep_best");
  const auto artifacts = values.value_or("artifacts", std::vector<std::string>());
  const auto wants = [&](const char* word) { return std::ranges::find(artifacts, word) != artifacts.end(); };
  if (!said.empty() || !(wants("best") || wants("all"))) return said;
  const auto& measured = values.texts("evaluate.metrics");
  if (std::ranges::find(measured, "e_recall@1") != measured.end()) return {"e_recall@1"};
  const auto metric =
      std::ranges::find_if(measured, [](const auto& name) { return catalogue::larger_is_better(name); });
  return metric == measured.end() ? said : std::vector<std::string>{*metric};
}

train::TrainOptions train_options_of(const Params& values, std::int64_t threads) {
  train::TrainOptions options;
  options.seeds = Seeds(static_cast<std::uint64_t>(values.integer("seed")));
  options.epochs = values.integer("epochs");
  options.warmup = values.integer("warmup");
  options.optimizer = {.rule = values.text("optimizer") == "sgd" ? train::UpdateRule::kSgd : train::UpdateRule::kAdam,
                       .momentum = values.number("momentum")};
  options.groups = {
      .lr = values.number("lr"), .fc_lr = values.number("fc_lr"), .weight_decay = values.number("weight_decay")};
  if (values.text("scheduler") == "step") options.tau = values.integers("tau");
  options.gamma = values.number("gamma");
  options.accumulate = values.integer("accumulate");
  options.precision = precision_of(values);
  options.channels_last = values.flag("channels_last");
  options.skip_not_finite = values.text("not_finite") == "skip";
  options.gradient_statistics = values.flag("log.gradients");
  options.evaluate_every = values.integer("evaluate.every");
  options.evaluate_before_training = values.flag("evaluate.before_training");
  const std::int64_t asked = values.integer("evaluate.batch_size");
  options.evaluation_batch_size = asked > 0 ? asked : values.integer("batch_size");
  options.checkpoint_every = values.integer("checkpoint_every");
  options.keep_best = kept_best_of(values);
  options.adversary = adversary_of(values);
  options.training_loader = loader_of(values, true, threads);
  options.evaluation_loader = loader_of(values, false, threads);
  return options;
}

Result<std::vector<train::NamedEmbeddings>> embeddings_of(const Params& values, const catalogue::Arch& arch) {
  std::vector<train::NamedEmbeddings> wanted;
  for (const std::string& name : values.texts("evaluate.embeddings")) {
    OODML_ASSIGN_OR_RETURN(catalogue::Embeddings parts, catalogue::parse_embeddings(name, arch));
    wanted.push_back({name, std::move(parts)});
  }
  return wanted;
}

/// What the criterion reads beside embeddings and labels.
void offer_inputs(const ComponentChoice& criterion, TrialSettings& settings) {
  const catalogue::Component& entry = *catalogue::find(catalogue::Kind::kCriterion, criterion.name);
  settings.train.reads_features = catalogue::reads(entry, "features");
  settings.train.rotate_images = catalogue::reads(entry, "rotation");
  settings.reads_keys = catalogue::reads(entry, "keys");
  if (!settings.reads_keys) return;
  settings.train.training_loader.second_view = true;
  settings.train.keys = {.momentum = criterion.params.number("momentum"),
                         .queue_batches = criterion.params.integer("n_key_batches"),
                         .embed_dim = settings.embed_dim,
                         .head = catalogue::reads(entry, "heads") ? kKeyHead : "",
                         .precision = settings.train.precision};
}

/// The embeddings that few_shot measures; the criterion sees the same heads, with equal weights unless asked for.
Status choose_few_shot_embeddings(const Params& values, const catalogue::Arch& arch,
                                  few_shot::FewShotOptions& options) {
  OODML_ASSIGN_OR_RETURN(options.measured, catalogue::parse_embeddings(values.text("few_shot.embeddings"), arch));
  options.adapted = options.measured;
  if (!values.flag("few_shot.reweight")) options.adapted.weights.assign(options.measured.weights.size(), 1.0);
  return {};
}

/// Of a trial whose other settings are known.
Status add_few_shot(const Params& values, const catalogue::Arch& arch, TrialSettings& settings) {
  few_shot::FewShotOptions& options = settings.few_shot;
  options.shots = values.integer("few_shot.shots");
  if (options.shots == 0) return {};
  options.episodes = values.integer("few_shot.episodes");
  options.criterion = catalogue::few_shot_criterion(values);
  options.miner = catalogue::few_shot_miner(values);
  options.steps = values.integer("few_shot.steps");
  options.lr = values.number("lr") * values.number("few_shot.lr_multi");
  options.only_last = values.flag("few_shot.only_last");
  options.views = values.integer("few_shot.views");
  if (values.text("few_shot.optimizer") == "sgd") options.rule = train::UpdateRule::kSgd;
  options.batch_size = settings.batch_size;
  options.samples_per_class = settings.samples_per_class;
  options.compat_paper = settings.compat_paper;
  options.evaluation = settings.evaluation;
  if (values.text("few_shot.select") == "best") {
    settings.train.selection = {values.text("few_shot.embeddings"), values.flag("few_shot.recall_only")};
  }
  return choose_few_shot_embeddings(values, arch, options);
}

}  // namespace

Result<TrialSettings> settings_of(const job::TrialSpec& spec, std::int64_t threads) {
  const Params& values = spec.values;
  TrialSettings settings;
  settings.benchmark = spec.benchmark();
  settings.layout = values.text("layout");
  settings.split = spec.split();
  settings.split_file = values.text("split_file");
  settings.validation = values.text("validation");
  settings.validation_fraction = values.number("validation_fraction");
  settings.test_benchmark = values.text("test_benchmark");
  settings.test_layout = values.text("test_layout");
  settings.images_per_class = values.integer("images_per_class");
  settings.skip_unreadable_images = values.flag("skip_unreadable_images");

  settings.arch = values.text("arch");
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(settings.arch));
  settings.backbone = arch.backbone;
  settings.weights = catalogue::initial_weights(arch.backbone, values.text("weights"));
  settings.embed_dim = values.integer("embed_dim");

  settings.criterion = spec.choice("criterion");
  settings.miner = spec.choice("miner");
  settings.sampler = spec.choice("sampler");
  settings.seed = static_cast<std::uint64_t>(values.integer("seed"));
  settings.batch_size = values.integer("batch_size");
  settings.samples_per_class = values.integer("samples_per_class");
  settings.steps_per_epoch = values.integer("steps_per_epoch");
  settings.compat_paper = values.text("compat") == "paper";
  settings.cpu_threads = values.integer("cpu_threads");
  settings.replicas = values.integer("replicas");
  settings.keep_checkpoints = values.integer("keep_checkpoints");
  settings.cache_mib = values.integer("cache_mib");

  settings.sets = values.texts("evaluate.sets");
  settings.evaluation.metrics = values.texts("evaluate.metrics");
  settings.evaluation.exclude_self_by_index = values.text("evaluate.exclude_self") == "index";
  settings.evaluation.relevant_map_normalizer = values.text("evaluate.map_normalizer") == "relevant";
  settings.evaluation.truncate_rho = values.flag("evaluate.rho_truncate");
  settings.evaluation.compat_paper = settings.compat_paper;
  settings.cluster_by_train_classes = values.text("evaluate.clusters") == "train_classes";
  settings.uniformity_prior = {.chunk_size = values.integer("uniformity_prior.chunksize"),
                               .latent = values.integer("uniformity_prior.latent"),
                               .weight = values.number("uniformity_prior.weight")};
  settings.log_csv = values.flag("log.csv");
  settings.log_tensorboard = values.flag("log.tensorboard");
  settings.train = train_options_of(values, threads);
  settings.train.normalize = arch.normalize;
  OODML_ASSIGN_OR_RETURN(settings.train.embeddings, embeddings_of(values, arch));
  offer_inputs(settings.criterion, settings);
  const Value* no_update = settings.sampler.params.find("storage_no_update");
  settings.train.update_store = no_update == nullptr || !std::get<bool>(*no_update);
  OODML_RETURN_IF_ERROR(add_few_shot(values, arch, settings));
  return settings;
}

}  // namespace oodml::trial
