// What a trial file says, and what it leaves out.
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/recipe.h"
#include "tests/core/sweep/trial_files.h"

namespace oodml::sweep {
namespace {

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
  for (const catalogue::Parameter& key : catalogue::trial_keys()) EXPECT_TRUE(spec.values.has(key.name)) << key.name;
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
  EXPECT_NE(trial_errors_of(small_trial("recipe: pds\n")).find("did you mean 'pads'?"), std::string::npos);
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
  EXPECT_EQ(trial_errors_of(small_trial("keep_best: [e_recall@1, nmi]\n")), "accepted");
  EXPECT_NE(trial_errors_of(small_trial("keep_best: [f1]\n")).find("'f1', which is not measured"), std::string::npos);
  EXPECT_NE(trial_errors_of(small_trial("keep_best: [dists@intra]\n")).find("more is not better"), std::string::npos);
  EXPECT_TRUE(parsed(small_trial("recipe: oodml\nevaluate.metrics: [nmi]\n")).values.texts("keep_best").empty());
  EXPECT_NE(trial_errors_of(small_trial("keep_best: [nmi, nmi]\n")).find("twice"), std::string::npos);
}

TEST(TrialFileTest, WhatIsUploadedIsSaidInWordsAndChangesNoFingerprint) {
  EXPECT_EQ(parsed(small_trial("")).values.texts("artifacts"), (std::vector<std::string>{"best", "log"}));
  EXPECT_EQ(parsed(small_trial("artifacts: none\n")).values.texts("artifacts"), std::vector<std::string>{"none"});
  EXPECT_EQ(trial_errors_of(small_trial("artifacts: [last, csv]\ncheckpoint_upload: -1\n")), "accepted");
  EXPECT_NE(trial_errors_of(small_trial("artifacts: [bset]\n")).find("did you mean 'best'?"), std::string::npos);
  EXPECT_NE(trial_errors_of(small_trial("artifacts: [none, log]\n")).find("'none' stands alone"), std::string::npos);
  EXPECT_NE(trial_errors_of(small_trial("artifacts: [log, log]\n")).find("twice"), std::string::npos);
  EXPECT_EQ(fingerprint(parsed(small_trial("artifacts: all\ncheckpoint_upload: 0\n"))),
            fingerprint(parsed(small_trial(""))));
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
  EXPECT_EQ(parsed(kSmallTrial).values.text("weights"), "imagenet");
  EXPECT_EQ(parsed(kSmallTrial).values.text("layout"), "cub200");
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
  EXPECT_NE(trial_errors_of("benchmark: my_birds\ncriterion: oproxy\n").find("needs `layout`"), std::string::npos);
  EXPECT_NE(trial_errors_of("benchmark: ../etc\nlayout: image_folder\ncriterion: oproxy\n").find("letters a to z"),
            std::string::npos);
}

}  // namespace
}  // namespace oodml::sweep
