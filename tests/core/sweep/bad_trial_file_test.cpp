// Trial files that are refused, and why.
#include "tests/core/sweep/trial_files.h"

namespace oodml::sweep {
namespace {

TEST(TrialFileTest, ReportsEveryMistakeWithItsPlaceAndWhatWouldBeAccepted) {
  const std::string text = trial_errors_of(
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

TEST(TrialFileTest, ASweepInItsPlaceIsNamedAsThat) {
  EXPECT_EQ(trial_errors_of("version: 1\nname: study\ntrial: {benchmark: cars196}\nmatrix: {criterion: [arcface]}\n"),
            "trial.yaml:1:1: this is a sweep, and wanted is the file of one trial; `oodml local FILE` runs a sweep");
}

TEST(TrialFileTest, RefusesWhatDoesNotFitTogether) {
  const auto refused = [](const std::string& more, const char* part) {
    const std::string text = trial_errors_of("benchmark: cars196\n" + more);
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
  refused("criterion: arcface\narch: script:../net.pt_normalize\n", "a path below the folder of scripts");
  refused("criterion: arcface\narch: script:net.pt_normalize\nweights: imagenet\n", "a script brings its own weights");
  refused("criterion: arcface\narch: script:net.pt_normalize\narch_sha256: abc\n", "64 hexadecimal digits, got 'abc'");
  refused("criterion: arcface\narch_sha256: " + std::string(64, 'a') + "\n", "goes with arch: script:FILE.pt");
  refused("criterion: script\n", "criterion.file: wanted FILE.pt");
  refused("criterion: {name: script, file: /loss.pt}\n", "criterion.file: wanted FILE.pt");
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

}  // namespace
}  // namespace oodml::sweep
