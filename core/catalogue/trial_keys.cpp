#include "core/catalogue/bounded.h"
#include "core/catalogue/few_shot.h"
#include "core/catalogue/lists.h"
#include "core/catalogue/recipe.h"
#include "core/splits/split_file_name.h"

namespace oodml::catalogue {
namespace {

using Bounds = Entry::Bounds;
using Texts = std::vector<std::string>;

Parameter key(std::string name, ValueType type, Value fallback, Bounds bounds, std::string help,
              std::string source = "") {
  Parameter parameter = bounded(std::move(name), type, std::move(fallback), bounds, std::move(help));
  parameter.source = std::move(source);
  return parameter;
}

Parameter choice(std::string name, std::string fallback, Texts choices, std::string help) {
  Parameter parameter = key(std::move(name), ValueType::kText, std::move(fallback), {}, std::move(help));
  parameter.choices = std::move(choices);
  return parameter;
}

Parameter neutral(Parameter parameter) {
  parameter.changes_result = false;
  return parameter;
}

Parameter leaving_files(Parameter parameter) {
  parameter = neutral(std::move(parameter));
  parameter.leaves_files = true;
  return parameter;
}

/// core/data/benchmark.cpp reads them.
Texts layouts() { return {"default", "cub200", "cars196", "online_products", "image_folder", "idx"}; }

constexpr auto kIntegerKey = ValueType::kInteger;
constexpr auto kNumberKey = ValueType::kNumber;
constexpr auto kFlagKey = ValueType::kFlag;
constexpr auto kTextKey = ValueType::kText;

}  // namespace

std::vector<Parameter> make_trial_keys() {
  return {
      neutral(choice("recipe", "default", recipe_names(),
                     "whose defaults hold for what the trial does not say; they are written out, so the name itself "
                     "changes no number")),
      // Data.
      choice("layout", "default", layouts(),
             "how the benchmark's folder is read; default is the catalogue's, needed for a benchmark of your own"),
      key("split", kTextKey, "default", {}, "split id of the benchmark, or default for its standard train/test rule"),
      key("split_file", kTextKey, splits::kUsualSplitFile, {}, "split file, relative to the benchmark's folder"),
      choice(
          "validation", "none", {"none", "split", "classes", "last_classes", "samples"},
          "what is kept from training to validate on: nothing, the classes that the split file lists, the last training "
          "classes (classes: of each superclass by the default split of online_products), or images of each class"),
      key("validation_fraction", kNumberKey, 0.2, {.above = 0.0, .below = 1.0},
          "share of the training classes, or of the images of each, that validates"),
      key("test_benchmark", kTextKey, "none", {},
          "benchmark whose default test set takes the place of the trial's; its clusters are its own classes"),
      choice("test_layout", "default", layouts(), "as layout, for test_benchmark"),
      key("images_per_class", kIntegerKey, std::int64_t{0}, {.at_least = 0},
          "use only the first n images of a class; 0 is all"),
      key("skip_unreadable_images", kFlagKey, false, {}, "leave damaged images out instead of failing the trial"),
      choice(
          "augmentation", "base", {"base", "big", "adv", "red"},
          "training transform: base is RandomResizedCrop and flip, big the same at 256 pixels, adv adds grey-scale and "
          "colour jitter, red is Resize, RandomCrop and flip"),
      choice(
          "decode", "exact", {"exact", "fast"},
          "exact gives the levels Pillow gives; fast decodes JPEGs much larger than the crop at 1/2, 1/4 or 1/8 of their size"),
      key("crop_size", kIntegerKey, std::int64_t{224}, {.at_least = 8, .at_most = 1024},
          "side of the network's input, pixels; not set, 227 for googlenet and 256 for augmentation: big"),
      key("resize", kIntegerKey, std::int64_t{256}, {.at_least = 8, .at_most = 2048},
          "shorter side before the central crop of evaluation, pixels"),
      // Model.
      key("arch", kTextKey, "resnet50_frozen_normalize", {},
          "backbone with modifiers, as in resnet50_frozen_normalize or script:FILE.pt_normalize"),
      key("arch_sha256", kTextKey, "", {},
          "of the file of arch: script:FILE.pt, 64 hexadecimal digits; not said, that of the file that is there"),
      key("weights", kTextKey, "default", {},
          "initial weights: none, or NAME for <weights root>/<backbone>-NAME.safetensors or .pth; default is what the "
          "references use"),
      key("embed_dim", kIntegerKey, std::int64_t{128}, {.at_least = 2, .at_most = 16384}, "embedding dimension D"),
      // Optimisation.
      key("seed", kIntegerKey, std::int64_t{0}, {.at_least = 0}, "seed of every random stream; the replicate axis"),
      key("epochs", kIntegerKey, std::int64_t{150}, {.at_least = 0, .at_most = 100000},
          "passes over the training set; 0 evaluates the untrained network"),
      key("steps_per_epoch", kIntegerKey, std::int64_t{0}, {.at_least = 0}, "0 is floor(training images / batch_size)"),
      key("batch_size", kIntegerKey, std::int64_t{112}, {.at_least = 2, .at_most = 65536}, "images a step"),
      key("samples_per_class", kIntegerKey, std::int64_t{2}, {.at_least = 1},
          "images of each drawn class; divides batch_size"),
      key("accumulate", kIntegerKey, std::int64_t{1}, {.at_least = 1, .at_most = 1024},
          "batches whose gradients are averaged for one update; each is mined and judged for itself"),
      choice("optimizer", "adam", {"adam", "sgd"}, "update rule"),
      key("momentum", kNumberKey, 0.9, {.at_least = 0.0, .below = 1.0}, "of sgd; adam has none"),
      key("lr", kNumberKey, 1e-5, {.at_least = 0.0}, "learning rate of the network"),
      key("fc_lr", kNumberKey, -1.0, {.at_least = -1.0}, "learning rate of the last linear layer; negative is lr"),
      key("weight_decay", kNumberKey, 4e-4, {.at_least = 0.0}, "L2 term of the network's gradient; criteria have none"),
      choice("scheduler", "step", {"step", "none"}, "how rates change with the epochs: step by gamma at tau, or never"),
      key("gamma", kNumberKey, 0.3, {.above = 0.0}, "factor on all learning rates at each epoch in tau"),
      key("tau", ValueType::kIntegers, std::vector<std::int64_t>{10000}, {.at_least = 1},
          "epochs after which rates are multiplied by gamma"),
      key("warmup", kIntegerKey, std::int64_t{0}, {.at_least = 0},
          "first epochs in which only the last layer and the criterion train"),
      key("uniformity_prior.weight", kNumberKey, 0.0, {.at_least = 0.0},
          "of the term that pulls the backbone's features towards uniform noise; 0 is off, the study took 0.2 and 0.02"),
      key("uniformity_prior.chunksize", kIntegerKey, std::int64_t{128}, {.at_least = 1, .at_most = 65536},
          "features the discriminator sees at a time; divides the backbone's"),
      key("uniformity_prior.latent", kIntegerKey, std::int64_t{100}, {.at_least = 1, .at_most = 65536},
          "width of the discriminator's hidden layers"),
      key("uniformity_prior.iter", kIntegerKey, std::int64_t{10}, {.at_least = 1},
          "steps between updates of the discriminator"),
      key("uniformity_prior.lrmulti", kNumberKey, 1.0, {.at_least = 0.0},
          "learning rate of the discriminator, times lr"),
      key("uniformity_prior.gamma", kNumberKey, 0.1, {.above = 0.0},
          "factor on the discriminator's rate at each epoch in its tau"),
      key("uniformity_prior.tau", ValueType::kIntegers, std::vector<std::int64_t>{10000}, {.at_least = 1},
          "epochs after which the discriminator's rate is multiplied by its gamma"),
      choice(
          "precision", "float32", {"float32", "bfloat16", "float16"},
          "in which the network computes; parameters, embeddings and losses are float32; float16 has a loss scale and is for GPUs"),
      key("channels_last", kFlagKey, false, {}, "images and convolutions with the channels innermost, faster on a GPU"),
      choice("not_finite", "fail", {"fail", "skip"},
             "what NaN and infinite losses or gradients do: end the trial, or leave their update out"),
      choice("compat", "corrected", {"corrected", "paper"}, "paper reproduces the references' quirks tagged C"),
      key("cpu_threads", kIntegerKey, std::int64_t{1}, {.at_least = 1, .at_most = 256},
          "compute threads on a CPU; part of the trial because sums depend on it"),
      key("replicas", kIntegerKey, std::int64_t{1}, {.at_least = 1, .at_most = 64},
          "processes that share each batch, on a GPU each or all on the CPU; divides batch_size; part of the trial "
          "because sums depend on it"),
      // Evaluation.
      key("evaluate.sets", ValueType::kTexts, Texts{"test"}, {}, "which of test, train, val are evaluated"),
      key("evaluate.metrics", ValueType::kTexts,
          Texts{"e_recall@1", "e_recall@2", "e_recall@4", "nmi", "mAP_1000", "mAP_c", "dists@intra", "dists@inter"}, {},
          "metrics of every evaluated set"),
      key("evaluate.every", kIntegerKey, std::int64_t{1}, {.at_least = 1},
          "epochs between evaluations; the last is always evaluated"),
      key("evaluate.before_training", kFlagKey, false, {}, "also evaluate the untrained network, as epoch 0"),
      key("evaluate.batch_size", kIntegerKey, std::int64_t{0}, {.at_least = 0},
          "images a forward pass; 0 is batch_size"),
      key("evaluate.embeddings", ValueType::kTexts, Texts{"default"}, {},
          "embeds, avg_features (the backbone's pooled vector), or heads joined and weighted as in discriminative_shared-1-0.5; default is embeds, with several heads three weightings"),
      choice("evaluate.clusters", "own_classes", {"own_classes", "train_classes"},
             "number of k-means clusters (quirk Q27)"),
      choice("evaluate.exclude_self", "first", {"first", "index"}, "how a query is left out of its own neighbours"),
      choice("evaluate.map_normalizer", "class_size", {"class_size", "relevant"},
             "divisor of average precision (quirk Q42)"),
      key("evaluate.rho_truncate", kFlagKey, false, {},
          "rho_spectrum without the smallest of D singular values, as compat: paper has it (quirk Q34)"),
      // What follows the training (core/catalogue/few_shot.h).
      key("few_shot.shots", kIntegerKey, std::int64_t{0}, {.at_least = 0, .at_most = 1000},
          "images of each test class that the trained network adapts to, in episodes of the split file; 0 is off"),
      key("few_shot.episodes", kIntegerKey, std::int64_t{10}, {.at_least = 1, .at_most = 1000},
          "the first so many episodes of the split"),
      choice("few_shot.criterion", "margin", few_shot_criteria(),
             "what the network adapts by, with the parameters that the trial's criterion has of it"),
      key("few_shot.miner", kTextKey, "default", {},
          "of few_shot.criterion; default is distance for margin, random for triplet, none for multisimilarity"),
      key("few_shot.beta", kNumberKey, -1.0, {.at_least = -1.0},
          "boundary of few_shot.criterion: margin, which is not trained; negative is that of the trial's criterion, "
          "else 1.2"),
      key("few_shot.steps", kIntegerKey, std::int64_t{1000}, {.at_least = 1, .at_most = 1000000},
          "of an episode; the study took 1000 for 2 shots and 1500 for 5"),
      key("few_shot.lr_multi", kNumberKey, 3.0, {.at_least = 0.0},
          "learning rate of an episode, times lr; the study took 10"),
      key("few_shot.only_last", kFlagKey, false, {}, "adapt the heads alone"),
      key("few_shot.views", kIntegerKey, std::int64_t{16}, {.at_least = 0, .at_most = 10000},
          "augmentations of each support image whose features few_shot.only_last draws from; 0 augments at every step, "
          "as the study"),
      choice("few_shot.optimizer", "adam", {"adam", "sgd"}, "of an episode; sgd without momentum"),
      key("few_shot.embeddings", kTextKey, "default", {},
          "one of evaluate.embeddings, by which the epoch is selected and that is measured; default is embeds, with "
          "several heads the study's weights on the benchmark"),
      key("few_shot.reweight", kFlagKey, false, {},
          "adapt several heads with the weights of few_shot.embeddings instead of equal ones"),
      choice(
          "few_shot.select", "best", {"best", "last"},
          "whose network adapts: of the epoch with the best e_recall@1 + mAP_1000 of the set val, or of the last one"),
      key("few_shot.recall_only", kFlagKey, false, {}, "select by e_recall@1 alone"),
      // Reports.
      key("log.gradients", kFlagKey, false, {},
          "report grad_l2 (a root mean square, quirk T27) and grad_max of the network, means over each epoch"),
      leaving_files(
          key("log.csv", kFlagKey, false, {},
              "also write every figure to CSV_Logs/ and every key to Parameter_Info.txt of the run directory")),
      leaving_files(
          key("log.tensorboard", kFlagKey, false, {}, "also write every figure to tensorboard/ of the run directory")),
      leaving_files(key("keep_best", ValueType::kTexts, Texts{}, {},
                        "evaluated metrics whose best epoch is kept in best/ of the run directory, for every set")),
      // No effect on any number.
      neutral(
          key("group", kTextKey, "", {},
              "name of the runs that differ in the seed alone, as studies publish it; in a sweep {axis} stands for the "
              "label there")),
      neutral(key("loader_threads", kIntegerKey, std::int64_t{0}, {.at_least = 0, .at_most = 256},
                  "image loading threads; 0 is the slot's share")),
      neutral(key("cache_mib", kIntegerKey, std::int64_t{0}, {.at_least = 0, .at_most = 1 << 22},
                  "memory of each replica for decoded images, MiB; they are then decoded once, as many as fit")),
      neutral(key(
          "gpu_memory_mib", kIntegerKey, std::int64_t{0}, {.at_least = 0, .at_most = 1 << 24},
          "memory that each GPU must have for this trial, MiB; smaller ones do not get it, CPUs are not concerned")),
      neutral(key("checkpoint_every", kIntegerKey, std::int64_t{1}, {.at_least = 1}, "epochs between checkpoints")),
      neutral(key("artifacts", ValueType::kTexts, Texts{"best", "log"}, {},
                  "what the coordinator gets of a trial that has ended: best, last (checkpoint), log, results, csv, "
                  "tensorboard, all; none for nothing. With best and no keep_best, keep_best is e_recall@1, else the "
                  "first metric of which more is better")),
      neutral(
          key("checkpoint_upload", kIntegerKey, std::int64_t{600}, {.at_least = -1, .at_most = 1 << 30},
              "seconds between checkpoints that the coordinator gets while the trial runs, for whoever goes on with "
              "it; 0: only when it stops, -1: never")),
      leaving_files(key("keep_checkpoints", kIntegerKey, std::int64_t{1}, {.at_least = 1, .at_most = 1000},
                        "newest checkpoints kept")),
  };
}

}  // namespace oodml::catalogue
