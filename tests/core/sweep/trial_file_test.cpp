#include <gtest/gtest.h>

#include "core/base/seeds.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/recipe.h"
#include "core/sweep/sweep.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;
using catalogue::Parameter;
using catalogue::ValueType;

job::TrialSpec parsed(std::string_view yaml) {
  auto spec = parse_trial_file(yaml, "trial.yaml");
  if (spec.has_value()) return std::move(*spec);
  ADD_FAILURE() << spec.error().message() << "\nin\n" << yaml;
  return {};
}

std::string errors_of(std::string_view yaml) {
  const auto spec = parse_trial_file(yaml, "trial.yaml");
  if (spec.has_value()) return "accepted";
  EXPECT_EQ(spec.error().code(), StatusCode::kInvalidArgument);
  return spec.error().message();
}

constexpr const char* kSmall = "benchmark: cub200\ncriterion: multisimilarity\n";

std::string small_trial(std::string_view more) {
  std::string text = kSmall;
  text += more;
  return text;
}

TEST(TrialFileTest, WhatIsLeftOutGetsTheCataloguesDefaults) {
  const job::TrialSpec spec =
      parsed("benchmark: cub200\ncriterion: {name: margin, beta: 0.6}\nminer: distance\nepochs: 3\n");
  EXPECT_EQ(spec.benchmark(), "cub200");
  EXPECT_EQ(spec.split(), "default");
  EXPECT_EQ(spec.values.integer("epochs"), 3);
  EXPECT_EQ(spec.values.number("lr"), 1e-5);
  EXPECT_EQ(spec.choice("criterion").params.number("beta"), 0.6);
  EXPECT_EQ(spec.choice("criterion").params.number("margin"), 0.2);
  EXPECT_EQ(spec.choice("miner").name, "distance");
  EXPECT_EQ(spec.choice("miner").params.number("lower_cutoff"), 0.5);
  EXPECT_EQ(spec.choice("sampler").name, "class_random");
  for (const Parameter& key : catalogue::trial_keys()) EXPECT_TRUE(spec.values.has(key.name)) << key.name;
}

TEST(TrialFileTest, ARecipeGivesTheDefaultsOfItsProjectAndTheTrialComesFirst) {
  const job::TrialSpec pads = parsed(small_trial("recipe: pads\ntau: [7]\n"));
  EXPECT_EQ(pads.values.integer("samples_per_class"), 4);
  EXPECT_EQ(pads.values.integer("seed"), 1);
  EXPECT_EQ(pads.values.integers("tau"), std::vector<std::int64_t>{7});
  EXPECT_EQ(pads.values.number("lr"), 1e-5);
  EXPECT_EQ(parsed(small_trial("recipe: revisiting\n")).values.integers("tau"), std::vector<std::int64_t>{1000});
  EXPECT_EQ(parsed(small_trial("recipe: nir\n")).values.text("not_finite"), "skip");
  EXPECT_EQ(parsed(small_trial("recipe: oodml\n")).values.texts("keep_best"), std::vector<std::string>{"e_recall@1"});
  EXPECT_NE(errors_of(small_trial("recipe: pds\n")).find("did you mean 'pads'?"), std::string::npos);
}

TEST(TrialFileTest, EveryRecipeIsATrialAndItsNameChangesNoFingerprint) {
  for (const catalogue::Recipe& recipe : catalogue::recipes()) {
    const job::TrialSpec spec = parsed(small_trial("recipe: " + recipe.name + "\n"));
    for (const auto& [key, value] : recipe.defaults) EXPECT_EQ(spec.values.at(key), value) << recipe.name << " " << key;
    std::string written;
    for (const auto& [key, value] : recipe.defaults) written += key + ": " + to_text(value) + "\n";
    EXPECT_EQ(fingerprint(spec), fingerprint(parsed(small_trial(written)))) << recipe.name;
  }
}

TEST(TrialFileTest, TheBestEpochIsKeptOfMetricsThatAreMeasuredAndScores) {
  EXPECT_EQ(errors_of(small_trial("keep_best: [e_recall@1, nmi]\n")), "accepted");
  EXPECT_NE(errors_of(small_trial("keep_best: [f1]\n")).find("'f1', which is not measured"), std::string::npos);
  EXPECT_NE(errors_of(small_trial("keep_best: [dists@intra]\n")).find("more is not better"), std::string::npos);
  EXPECT_TRUE(parsed(small_trial("recipe: oodml\nevaluate.metrics: [nmi]\n")).values.texts("keep_best").empty());
  EXPECT_NE(errors_of(small_trial("keep_best: [nmi, nmi]\n")).find("twice"), std::string::npos);
}

// Quirk T3: ooDML compares a value with a history that holds it already.
TEST(TrialFileTest, AsThePaperRanTheOodmlRecipeKeepsNoBestEpochUnlessTheTrialSaysSo) {
  const auto kept = [](const std::string& more) { return parsed(small_trial(more)).values.texts("keep_best"); };
  EXPECT_EQ(kept("recipe: oodml\ncompat: corrected\n"), std::vector<std::string>{"e_recall@1"});
  EXPECT_EQ(kept("recipe: oodml\ncompat: paper\n"), std::vector<std::string>{});
  EXPECT_EQ(kept("recipe: oodml\ncompat: paper\nkeep_best: [nmi]\n"), std::vector<std::string>{"nmi"});
  EXPECT_EQ(kept("recipe: revisiting\ncompat: paper\n"), std::vector<std::string>{"e_recall@1"});
}

TEST(TrialFileTest, PadsMeasuresOtherRecallsOnOnlineProducts) {
  const auto metrics = [](const std::string& benchmark) {
    const auto spec = parsed("recipe: pads\nbenchmark: " + benchmark + "\ncriterion: multisimilarity\n");
    return joined(spec.values.texts("evaluate.metrics"));
  };
  EXPECT_TRUE(metrics("cars196").starts_with("e_recall@1, e_recall@2, e_recall@4, e_recall@8, nmi"))
      << metrics("cars196");
  EXPECT_TRUE(metrics("online_products").starts_with("e_recall@1, e_recall@10, e_recall@100, e_recall@1000, nmi"));
}

TEST(TrialFileTest, DefaultWeightsAndLayoutAreWrittenOut) {
  EXPECT_EQ(parsed(kSmall).values.text("weights"), "imagenet");
  EXPECT_EQ(parsed(kSmall).values.text("layout"), "cub200");
  EXPECT_EQ(parsed(small_trial("arch: small_conv_normalize\n")).values.text("weights"), "none");
  EXPECT_EQ(parsed(small_trial("weights: none\n")).values.text("weights"), "none");
}

TEST(TrialFileTest, BigAugmentationHasCropsOf256UnlessTheTrialSaysOtherwise) {
  const auto crop = [](const std::string& more) {
    return parsed("benchmark: cub200\ncriterion: arcface\n" + more).values.integer("crop_size");
  };
  EXPECT_EQ(crop(""), 224);
  EXPECT_EQ(crop("augmentation: adv\n"), 224);
  EXPECT_EQ(crop("augmentation: big\n"), 256);
  EXPECT_EQ(crop("augmentation: big\ncrop_size: 224\n"), 224);
}

TEST(TrialFileTest, DefaultEmbeddingsAreWrittenOut) {
  const auto embeddings = [](const char* arch) {
    return parsed(small_trial(std::string("arch: ") + arch + "\n")).values.texts("evaluate.embeddings");
  };
  EXPECT_EQ(embeddings("resnet18_normalize"), std::vector<std::string>{"embeds"});
  EXPECT_EQ(embeddings("multifeature_resnet18_normalize"),
            (std::vector<std::string>{"Combined_discriminative_shared_selfsimilarity_intra-1-1-1-1",
                                      "Combined_discriminative_shared_selfsimilarity_intra-0.75-1.25-1.25-1.25",
                                      "Combined_discriminative_shared_selfsimilarity_intra-0.5-1.5-1.5-1.5"}));
}

TEST(TrialFileTest, NestedAndDottedKeysAreTheSame) {
  EXPECT_EQ(parsed(small_trial("evaluate: {sets: [test, train], every: 2}\n")),
            parsed(small_trial("evaluate.sets: [test, train]\nevaluate.every: 2\n")));
  EXPECT_EQ(parsed("benchmark: cub200\ncriterion: {name: arcface, lr: 0.001}\n"),
            parsed("benchmark: cub200\ncriterion: arcface\ncriterion.lr: 1e-3\n"));
}

TEST(TrialFileTest, NumbersComeInEverySpellingAndTextsStayTexts) {
  const job::TrialSpec spec = parsed(small_trial("lr: 1\nweight_decay: 4.0E-4\ngamma: +.5\ntau: [10, 20]\nsplit: 3\n"));
  EXPECT_EQ(spec.values.number("lr"), 1.0);
  EXPECT_TRUE(std::holds_alternative<double>(spec.values.at("lr")));
  EXPECT_EQ(spec.values.number("weight_decay"), 4e-4);
  EXPECT_EQ(spec.values.number("gamma"), 0.5);
  EXPECT_EQ(spec.values.integers("tau"), (std::vector<std::int64_t>{10, 20}));
  EXPECT_EQ(spec.split(), "3");
  EXPECT_EQ(parsed(small_trial("tau: 7\n")).values.integers("tau"), std::vector<std::int64_t>{7});
}

TEST(TrialFileTest, ABenchmarkOfOnesOwnNeedsALayout) {
  EXPECT_EQ(parsed("benchmark: my_birds\nlayout: image_folder\nsplit: hard-1\ncriterion: oproxy\n").split(), "hard-1");
  EXPECT_NE(errors_of("benchmark: my_birds\ncriterion: oproxy\n").find("needs `layout`"), std::string::npos);
  EXPECT_NE(errors_of("benchmark: ../etc\nlayout: image_folder\ncriterion: oproxy\n").find("letters a to z"),
            std::string::npos);
}

// Random values inside of each parameter's range, so that a round trip meets every type and every component.
class RandomSpecs {
 public:
  explicit RandomSpecs(std::uint64_t seed) : random_(seed) {}

  job::TrialSpec spec() {
    job::TrialSpec spec;
    for (const Parameter& key : catalogue::trial_keys()) spec.values.set(key.name, value(key));
    choose(spec, pick(catalogue::components(Kind::kBenchmark)));
    choose(spec, pick(catalogue::components(Kind::kSampler)));
    choose_objective(spec);
    make_fitting(spec);
    return spec;
  }

 private:
  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(list.size())))];
  }

  static std::vector<Component> miners_for(const ComponentChoice& criterion) {
    std::vector<Component> fitting = catalogue::components(Kind::kMiner);
    std::erase_if(fitting, [&](const Component& m) { return !catalogue::check_pairing(criterion, m.name).ok(); });
    return fitting;
  }

  /// Some criteria hold two others inside which no miner serves both; those are drawn again.
  void choose_objective(job::TrialSpec& spec) {
    spec.values.set("miner", std::string("none"));
    for (;;) {
      for (const Parameter& stale : criterion_parameters(spec)) spec.values.erase("criterion." + stale.name);
      choose(spec, pick(catalogue::components(Kind::kCriterion)));
      const auto miners = miners_for(spec.choice("criterion"));
      if (!miners.empty()) return choose(spec, pick(miners));
      if (catalogue::check_pairing(spec.choice("criterion"), "none").ok()) return;
    }
  }

  static std::vector<Parameter> criterion_parameters(const job::TrialSpec& spec) {
    const Value* name = spec.values.find("criterion");
    return name == nullptr ? std::vector<Parameter>{}
                           : catalogue::find(Kind::kCriterion, std::get<std::string>(*name))->parameters;
  }

  void choose(job::TrialSpec& spec, const Component& component) {
    const std::string kind = catalogue::to_text(component.kind);
    spec.values.set(kind, component.name);
    for (const Parameter& parameter : component.parameters) {
      spec.values.set(kind + "." + parameter.name, value(parameter));
    }
  }

  std::int64_t integer(const Parameter& p) {
    const auto low = static_cast<std::int64_t>(p.at_least.value_or(-1000));
    const auto high = static_cast<std::int64_t>(p.at_most.value_or(static_cast<double>(low + 1000000)));
    return low + random_.below(high - low + 1);
  }
  double number(const Parameter& p) {
    const double low = p.at_least ? *p.at_least : p.above ? *p.above + 1e-12 : -50.0;
    const double high = p.at_most ? *p.at_most : p.below ? *p.below : low + 100.0;
    return random_.below(4) == 0 ? low + (high - low) * 1e-9 * random_.uniform() : random_.uniform(low, high);
  }
  Value value(const Parameter& p) {
    switch (p.type) {
      case ValueType::kFlag:
        return random_.below(2) == 0;
      case ValueType::kInteger:
        return integer(p);
      case ValueType::kNumber:
        return number(p);
      case ValueType::kText:
        return p.choices.empty() ? p.fallback : Value(pick(p.choices));
      case ValueType::kIntegers:
        return std::vector<std::int64_t>{integer(p), integer(p)};
      case ValueType::kNumbers:
        return p.is_interval ? std::vector<double>{random_.uniform(0, 1), random_.uniform(1, 2)}
                             : std::vector<double>{number(p), number(p)};
      case ValueType::kTexts:
        return p.fallback;
    }
    return p.fallback;
  }

  void make_fitting(job::TrialSpec& spec) {
    const Component* benchmark = catalogue::find(Kind::kBenchmark, spec.benchmark());
    spec.values.set("split", random_.below(3) == 0 ? std::string("default") : pick(benchmark->split_ids));
    if (spec.values.text("layout") == "default") spec.values.set("layout", benchmark->layout);
    const Component* criterion = catalogue::find(Kind::kCriterion, spec.values.text("criterion"));
    const bool several = catalogue::reads(*criterion, "heads") || random_.below(4) == 0;
    spec.values.set("arch", std::string(several ? "multifeature_" : "") + "resnet18_frozen_normalize");
    spec.values.set("evaluate.embeddings",
                    several && random_.below(2) == 0
                        ? std::vector<std::string>{"intra", "Combined_shared_intra-0.5-1.25"}
                        : catalogue::default_embeddings(*catalogue::parse_arch(spec.values.text("arch"))));
    if (spec.values.text("test_benchmark") == "none") spec.values.set("test_layout", std::string("default"));
    spec.values.set("uniformity_prior.chunksize", std::int64_t{1} << random_.below(10));  // resnet18 has 512 features
    spec.values.set("weights", std::string(random_.below(2) == 0 ? "none" : "run-7.v2"));
    const auto per_class = 1 + random_.below(8), replicas = 1 + random_.below(4);
    spec.values.set("samples_per_class", per_class);
    spec.values.set("replicas", replicas);
    spec.values.set("batch_size", per_class * replicas * (2 + random_.below(50)));
    spec.values.set("resize", spec.values.integer("crop_size") + random_.below(100));
    static const char* kFiles[] = {"splits.json", "a b/c: d.json", "\"q\" #1 \xe2\x82\xac.json", "123", "true", "- x"};
    spec.values.set("split_file", std::string(kFiles[random_.below(6)]));
  }

  Random random_;
};

TEST(TrialFileTest, EverySpecificationReadsBackBitForBit) {
  RandomSpecs random(3);
  for (int i = 0; i < 2000; ++i) {
    const job::TrialSpec spec = random.spec();
    const job::TrialSpec read = parsed(trial_file_text(spec));
    ASSERT_EQ(read, spec) << trial_file_text(spec);
    ASSERT_EQ(fingerprint(read), fingerprint(spec));
  }
}

TEST(TrialFileTest, ReportsEveryMistakeWithItsPlaceAndWhatWouldBeAccepted) {
  const std::string text = errors_of(
      "benchmark: cub200\n"
      "criterion: {name: margin, bta: 0.6}\n"
      "miner: distnace\n"
      "batch_size: abc\n"
      "lr: -1\n"
      "augmentation: bse\n"
      "epocs: 4\n"
      "evaluate: {sets: [tset], metrics: [e_recall]}\n");
  const auto has = [&](const char* part) { EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text; };
  has("trial.yaml:2:27: unknown parameter of criterion margin 'bta'; did you mean 'beta'? Accepted: margin, beta");
  has("trial.yaml:3:8: unknown miner 'distnace'; did you mean 'distance'?");
  has("trial.yaml:4:13: batch_size must be an integer, from 2 to 65536, got 'abc'");
  has("trial.yaml:5:5: lr must be 0 or more, got -1");
  has("trial.yaml:6:15: augmentation must be one of base, big, adv, red, got 'bse'; did you mean 'base'?");
  has("trial.yaml:7:1: unknown key 'epocs'; did you mean 'epochs'?");
}

TEST(TrialFileTest, RefusesWhatDoesNotFitTogether) {
  const auto refused = [](const std::string& more, const char* part) {
    const std::string text = errors_of("benchmark: cars196\n" + more);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  refused("criterion: margin\n", "trial.yaml:2:12: criterion margin needs a miner: one of random, semihard");
  refused("criterion: arcface\nminer: distance\n", "trial.yaml:3:8: criterion arcface takes no miner");
  refused("criterion: arcface\nminer.cp: 0.2\n", "miner.cp is set, but the trial has no miner");
  refused("criterion: arcface\ncriterion.beta: 0.2\n", "unknown parameter of criterion arcface 'beta'");
  refused("criterion: arcface\nsplit: 9\n",
          "benchmark cars196 has no split '9'; accepted: default, 1, 2, 3, 4, 5, 6, 7, 8");
  refused("criterion: arcface\nsplit: all\n", "make split an axis");
  refused("criterion: arcface\nbatch_size: 113\n", "batch_size (113) must be a multiple of samples_per_class (2)");
  refused("criterion: arcface\nbatch_size: 10\nreplicas: 4\n", "batch_size (10) must be a multiple of replicas (4)");
  refused("criterion: arcface\nresize: 200\n", "resize must be crop_size (224) or more, got 200");
  refused("criterion: arcface\nevaluate.sets: [val]\n", "needs `validation`: split, classes or samples");
  refused("criterion: arcface\nevaluate.sets: [test, test]\n", "names 'test' twice");
  refused("criterion: arcface\nevaluate.sets: []\n", "evaluate.sets is empty");
  refused("criterion: arcface\nevaluate.metrics: [e_recall@0]\n", "needs a k of 1 or more");
  refused("criterion: arcface\narch: resnet50_frozen\n", "write arch: resnet50_frozen_normalize");
  refused("criterion: arcface\narch: resnet50_frosen\n", "unknown modifier");
  refused("criterion: arcface\nevaluate.embeddings: []\n", "evaluate.embeddings is empty; write default, or embeds");
  refused("criterion: arcface\nevaluate.embeddings: [intra]\n", "need an arch that starts with multifeature_");
  refused("criterion: arcface\nuniformity_prior: {weight: 0.1, chunksize: 100}\n",
          "uniformity_prior.chunksize must divide the 2048 features of backbone resnet50, got 100");
  refused("criterion: arcface\nsplit_file: ../x.json\n", "inside of the benchmark's folder");
  refused("criterion: arcface\nweights: ../x\n", "weights must be");
  refused("epochs: 3\n", "a trial has no criterion");
}

TEST(TrialOfTest, ValuesAreDataWhateverCharactersTheyHave) {
  const auto with = [](const std::string& arch, const std::string& weights) {
    return trial_of({{"benchmark", "images", "images"},
                     {"layout", "image_folder", "layout"},
                     {"criterion", "oproxy", "criterion"},
                     {"arch", arch, "--arch"},
                     {"weights", weights, "--weights"},
                     {"embed_dim", "16", "--embed-dim"}});
  };
  const auto plain = with("small_conv_normalize", "none");
  ASSERT_TRUE(plain.has_value()) << plain.error().message();
  EXPECT_EQ(plain->values.integer("embed_dim"), 16);
  EXPECT_EQ(plain->values.text("weights"), "none");
  EXPECT_EQ(plain->values.integer("epochs"), 150) << "a default";
  for (const std::string hostile : {"none\nepochs: 3", "none, epochs: 3", "{name: none, epochs: 3}", "[none]",
                                    "none # x", "*anchor", "!!python/none", "\"none\""}) {
    const auto weights = with("small_conv_normalize", hostile);
    ASSERT_FALSE(weights.has_value()) << hostile;
    EXPECT_EQ(weights.error().message().find("--weights: weights must"), 0u) << weights.error().message();
    const auto arch = with(hostile, "none");
    ASSERT_FALSE(arch.has_value()) << hostile;
    EXPECT_EQ(arch.error().message().find("--arch: "), 0u) << arch.error().message();
  }
  EXPECT_EQ(trial_of({}).error().message().find("the trial asked for: a trial has no benchmark"), 0u)
      << trial_of({}).error().message();
}

TEST(FingerprintTest, SpellingOrderAndExecutionDoNotCount) {
  const auto print = [](const char* more) { return fingerprint(parsed(small_trial(more))); };
  EXPECT_EQ(print("lr: 1e-5\nepochs: 3\n"), print("epochs: 3\nlr: 0.00001\n"));
  EXPECT_EQ(print("loader_threads: 1\n"), print("loader_threads: 8\ncheckpoint_every: 5\nkeep_checkpoints: 3\n"));
  EXPECT_EQ(print("fc_lr: 0\n"), print("fc_lr: -0.0\n"));
  EXPECT_NE(print("cpu_threads: 1\n"), print("cpu_threads: 2\n"));
  EXPECT_NE(print("replicas: 1\n"), print("replicas: 2\n"));
  EXPECT_NE(print("seed: 0\n"), print("seed: 1\n"));
  EXPECT_NE(print(""), print("criterion.pos_weight: 2.5\n"));
  EXPECT_EQ(print(""), print("criterion.pos_weight: 2\n"));
  EXPECT_EQ(print("").size(), 64u);
}

}  // namespace
}  // namespace oodml::sweep
