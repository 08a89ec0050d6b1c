#include "core/trial/trial_settings.h"

#include <algorithm>

namespace oodml::trial {
namespace {

std::string layout_of(const Params& values) {
  if (values.text("layout") != "default") return values.text("layout");
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBenchmark, values.text("benchmark"));
  return known == nullptr ? "" : known->layout;
}

std::string weights_of(const Params& values, const std::string& backbone) {
  if (values.text("weights") != "default") return values.text("weights");
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBackbone, backbone);
  return known == nullptr ? "none" : known->published_weights;
}

data::LoaderOptions loader_of(const Params& values, bool training, std::int64_t threads) {
  data::LoaderOptions loader;
  loader.transform.training = training;
  loader.transform.crop_size = values.integer("crop_size");
  loader.transform.resize = values.integer("resize");
  const std::int64_t asked = values.integer("loader_threads");
  loader.threads = std::max<std::int64_t>(1, asked > 0 ? asked : threads);
  return loader;
}

train::TrainOptions train_options_of(const Params& values, std::int64_t threads) {
  train::TrainOptions options;
  options.seeds = Seeds(static_cast<std::uint64_t>(values.integer("seed")));
  options.epochs = values.integer("epochs");
  options.warmup = values.integer("warmup");
  options.lr = values.number("lr");
  options.fc_lr = values.number("fc_lr");
  options.weight_decay = values.number("weight_decay");
  options.tau = values.integers("tau");
  options.gamma = values.number("gamma");
  options.evaluate_every = values.integer("evaluate.every");
  options.evaluate_before_training = values.flag("evaluate.before_training");
  const std::int64_t asked = values.integer("evaluate.batch_size");
  options.evaluation_batch_size = asked > 0 ? asked : values.integer("batch_size");
  options.checkpoint_every = values.integer("checkpoint_every");
  options.training_loader = loader_of(values, true, threads);
  options.evaluation_loader = loader_of(values, false, threads);
  return options;
}

}  // namespace

Result<TrialSettings> settings_of(const job::TrialSpec& spec, std::int64_t threads) {
  const Params& values = spec.values;
  TrialSettings settings;
  settings.benchmark = spec.benchmark();
  settings.layout = layout_of(values);
  settings.split = spec.split();
  settings.split_file = values.text("split_file");
  settings.validation = values.text("validation");
  settings.validation_fraction = values.number("validation_fraction");
  settings.images_per_class = values.integer("images_per_class");
  settings.skip_unreadable_images = values.flag("skip_unreadable_images");

  settings.arch = values.text("arch");
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch arch, catalogue::parse_arch(settings.arch));
  settings.backbone = arch.backbone;
  settings.weights = weights_of(values, arch.backbone);
  settings.embed_dim = values.integer("embed_dim");

  settings.criterion = spec.choice("criterion");
  settings.miner = spec.choice("miner");
  settings.sampler = spec.choice("sampler");
  settings.batch_size = values.integer("batch_size");
  settings.samples_per_class = values.integer("samples_per_class");
  settings.steps_per_epoch = values.integer("steps_per_epoch");
  settings.compat_paper = values.text("compat") == "paper";
  settings.cpu_threads = values.integer("cpu_threads");
  settings.keep_checkpoints = values.integer("keep_checkpoints");

  settings.sets = values.texts("evaluate.sets");
  settings.evaluation.metrics = values.texts("evaluate.metrics");
  settings.evaluation.exclude_self_by_index = values.text("evaluate.exclude_self") == "index";
  settings.evaluation.relevant_map_normalizer = values.text("evaluate.map_normalizer") == "relevant";
  settings.cluster_by_train_classes = values.text("evaluate.clusters") == "train_classes";
  settings.train = train_options_of(values, threads);
  return settings;
}

}  // namespace oodml::trial
