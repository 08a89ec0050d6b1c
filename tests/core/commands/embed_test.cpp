#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using Words = std::vector<std::string>;

/// One trial, trained once for all tests.
class EmbedTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    suite_trial_ = new TinyTrial;
    suite_trial_->set("epochs", "1");
    suite_trial_->set("steps_per_epoch", "6");
    suite_trial_->set("evaluate", "{sets: [test, val], metrics: [e_recall@1, nmi, mAP_c, dists@inter]}");
    suite_trial_->set("validation", "samples");
    const Output output = suite_trial_->finish("run");
    ASSERT_EQ(output.exit_code, 0) << output.err;
  }
  static void TearDownTestSuite() {
    delete suite_trial_;
    suite_trial_ = nullptr;
  }
  Output embed(Words words) const {
    words.insert(words.begin(), {program("oodml-core"), "embed", "--device", "cpu", "--threads", "2"});
    return run(words, {.environment = {{"OODML_CACHE", folder_ / "cache"},
                                       {"OODML_BENCHMARKS_ROOT", trial_.places().benchmarks_root},
                                       {"OODML_WEIGHTS_ROOT", trial_.places().weights_root}}});
  }
  /// What `oodml evaluate` measures.
  static nlohmann::json evaluated(const Words& files) {
    Words words = {program("oodml-core"), "evaluate"};
    words.insert(words.end(), files.begin(), files.end());
    words.insert(words.end(),
                 {"--metrics", "e_recall@1,nmi,mAP_c,dists@inter", "-o", "json", "--threads", "1", "--device", "cpu"});
    const Output output = run(words);
    EXPECT_EQ(output.exit_code, 0) << output.err;
    return nlohmann::json::parse(output.out);
  }
  static std::size_t lines(const std::filesystem::path& file) {
    const std::string text = read_text(file);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  TemporaryFolder folder_;
  const TinyTrial& trial_ = *suite_trial_;
  const std::string run_dir_ = trial_.run_dir("run");

 private:
  static inline TinyTrial* suite_trial_ = nullptr;
};

TEST_F(EmbedTest, EvaluatedEmbeddingsHaveTheTrialsOwnFigures) {
  const auto results = nlohmann::json::parse(read_text(std::filesystem::path(run_dir_) / "results.json"));
  for (const std::string set : {"test", "val"}) {
    const std::string npz = folder_ / (set + ".npz");
    const Output output = embed({"--checkpoint", run_dir_, "--set", set, "-o", npz});
    ASSERT_EQ(output.exit_code, 0) << output.err;
    const auto metrics = evaluated({npz}).at("metrics");
    ASSERT_EQ(metrics.size(), 4U);
    for (const auto& [name, value] : metrics.items()) {
      EXPECT_EQ(value, results.at("last").at(set).at(name).at("value")) << set << " " << name;
    }
  }
  EXPECT_EQ(lines(folder_ / "test.paths.txt"), 24U);
  EXPECT_EQ(read_text(folder_ / "test.classes.txt"), "class3\nclass4\nclass5\n");
  EXPECT_TRUE(read_text(folder_ / "val.paths.txt").starts_with(trial_.image(0, 2).string() + "\n"))
      << read_text(folder_ / "val.paths.txt");
}

TEST_F(EmbedTest, ANetworkIsMeasuredAsItsTrialMeasuresIt) {
  const auto results = nlohmann::json::parse(read_text(std::filesystem::path(run_dir_) / "results.json"));
  const auto network = [&](Words further) {
    Words words = {program("oodml-core"), "evaluate", "--checkpoint", run_dir_, "--device", "cpu", "-o", "json"};
    words.insert(words.end(), further.begin(), further.end());
    return run(words, {.environment = {{"OODML_CACHE", folder_ / "cache"},
                                       {"OODML_BENCHMARKS_ROOT", trial_.places().benchmarks_root}}});
  };
  for (const std::string set : {"test", "val"}) {
    const Output output = network({"--set", set});
    ASSERT_EQ(output.exit_code, 0) << output.err;
    const auto measured = nlohmann::json::parse(output.out);
    EXPECT_EQ(measured.at("compat"), "corrected");
    ASSERT_EQ(measured.at("metrics").size(), 4U) << "those of the trial";
    for (const auto& [name, value] : measured.at("metrics").items()) {
      EXPECT_EQ(value, results.at("last").at(set).at(name).at("value")) << set << " " << name;
    }
  }
  const auto other = nlohmann::json::parse(network({"--metrics", "e_recall@2", "--clusters", "2"}).out);
  EXPECT_EQ(other.at("metrics").size(), 1U);
  EXPECT_EQ(other.at("clusters"), 2);
  EXPECT_EQ(network({"rows.npz"}).exit_code, 2) << "a file or a network";
  EXPECT_EQ(run({program("oodml-core"), "evaluate", "rows.npz", "--set", "test"}).exit_code, 2);
}

TEST_F(EmbedTest, NpyHasTheSameRowsWithItsLabelsBeside) {
  ASSERT_EQ(embed({"--checkpoint", run_dir_, "-o", folder_ / "a.npz"}).exit_code, 0);
  const Output output = embed({"--checkpoint", run_dir_ + "/checkpoints/0001", "-o", folder_ / "b.npy"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.out.find("b.npy: 24 embeddings of 16 dimensions, 3 classes"), std::string::npos) << output.out;
  EXPECT_EQ(evaluated({folder_ / "b.npy", "--labels", folder_ / "b.labels.npy"}).at("metrics"),
            evaluated({folder_ / "a.npz"}).at("metrics"));
}

TEST_F(EmbedTest, AFileOfWeightsIsTakenWithItsArch) {
  ASSERT_EQ(embed({"--checkpoint", run_dir_, "-o", folder_ / "a.npy"}).exit_code, 0);
  const auto with_arch = [&](const std::string& embed_dim, const std::string& output) {
    return embed({"--checkpoint", run_dir_ + "/checkpoints/0001/network.safetensors", "--arch", "small_conv_normalize",
                  "--embed-dim", embed_dim, "--crop-size", "16", "--resize", "18", "--batch-size", "8", "--benchmark",
                  "tiny", "--layout", "image_folder", "-o", output});
  };
  const Output output = with_arch("16", folder_ / "b.npy");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(read_text(folder_ / "a.npy"), read_text(folder_ / "b.npy"));
  const Output misfit = with_arch("8", folder_ / "c.npy");
  EXPECT_EQ(misfit.exit_code, 2);
  EXPECT_NE(misfit.err.find("last_linear.weight"), std::string::npos) << misfit.err;
}

TEST_F(EmbedTest, AFileWithoutAHeadGivesFeaturesOnly) {
  const std::string weights = run_dir_ + "/checkpoints/0001/network.safetensors";
  const Words common = {"--arch",         "small_conv_normalize",
                        "--crop-size",    "16",
                        "--resize",       "18",
                        "--batch-size",   "8",
                        "--benchmark",    "tiny",
                        "--layout",       "image_folder",
                        "--weights-root", folder_ / "weights"};
  std::filesystem::create_directories(folder_ / "weights");
  std::filesystem::copy(weights, folder_ / "weights" / "small_conv-mine.safetensors");
  const auto with = [&](Words words) {
    words.insert(words.end(), common.begin(), common.end());
    return embed(words);
  };
  EXPECT_EQ(with({"--weights", "mine", "--features", "-o", folder_ / "a.npy"}).exit_code, 0);
  const Output path = with({"--weights", weights, "--features", "-o", folder_ / "b.npy"});
  EXPECT_EQ(path.exit_code, 2);
  EXPECT_NE(path.err.find("--weights: weights must be none, default, or a name"), std::string::npos) << path.err;
  const Output hostile = with({"--weights", "none\nepochs: 3", "--features", "-o", folder_ / "b.npy"});
  EXPECT_EQ(hostile.exit_code, 2);
  EXPECT_EQ(hostile.err.find("oodml-core embed: --weights: "), 0U) << hostile.err;
}

TEST_F(EmbedTest, AFolderOfOnesOwnIsEmbeddedWholeWithTheClassesInOrder) {
  for (const char* name : {"zebra/1.png", "ant/1.png", "ant/0.png"}) {
    std::filesystem::create_directories((folder_ / "photos" / name).parent_path());
    std::filesystem::copy(trial_.image(0, 0), folder_ / "photos" / name);
  }
  write_text(folder_ / "photos" / "ant" / "notes.txt", "");
  const Output output = embed({"--checkpoint", run_dir_, "--folder", folder_ / "photos", "-o", folder_ / "p.npz"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.err.find("notes.txt: not a .jpg"), std::string::npos) << output.err;
  EXPECT_EQ(read_text(folder_ / "p.classes.txt"), "ant\nzebra\n");
  const std::string photos = folder_ / "photos";
  EXPECT_EQ(read_text(folder_ / "p.paths.txt"),
            photos + "/ant/0.png\n" + photos + "/ant/1.png\n" + photos + "/zebra/1.png\n");
}

TEST_F(EmbedTest, FeaturesArePooledAndNeedNoTrainedHead) {
  const Words arch = {"--arch", "small_conv_normalize", "--crop-size", "16",       "--resize",     "18",    "--weights",
                      "none",   "--benchmark",          "tiny",        "--layout", "image_folder", "--set", "all",
                      "-o",     folder_ / "f.npz"};
  const Output refused = embed(arch);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("has initial values; ask for its --features"), std::string::npos) << refused.err;
  Words features = arch;
  features.push_back("--features");
  const Output output = embed(features);
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.out.find("48 features of 128 dimensions, 6 classes"), std::string::npos) << output.out;
}

TEST_F(EmbedTest, NothingIsWrittenOverUnlessForced) {
  write_text(folder_ / "a.paths.txt", "mine");
  const Words words = {"--checkpoint", run_dir_, "-o", folder_ / "a.npz"};
  const Output refused = embed(words);
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_NE(refused.err.find("a.paths.txt: already there; --force writes over it"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.npz"));
  Words forced = words;
  forced.push_back("--force");
  ASSERT_EQ(embed(forced).exit_code, 0);
  EXPECT_EQ(lines(folder_ / "a.paths.txt"), 24U);
}

TEST_F(EmbedTest, UnreadableImagesEndItUnlessTheyAreLeftOut) {
  for (const char* name : {"a/0.png", "a/1.png", "b/0.png"}) {
    std::filesystem::create_directories((folder_ / "photos" / name).parent_path());
    std::filesystem::copy(trial_.image(0, 0), folder_ / "photos" / name);
  }
  write_text(folder_ / "photos/a/1.png", "no image");
  const Words words = {"--checkpoint", run_dir_, "--folder", folder_ / "photos", "-o", folder_ / "a.npz"};
  const Output refused = embed(words);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("a/1.png"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.npz"));
  Words skipping = words;
  skipping.push_back("--skip-unreadable");
  const Output output = embed(skipping);
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.err.find("left out"), std::string::npos) << output.err;
  EXPECT_EQ(lines(folder_ / "a.paths.txt"), 2U);
}

TEST_F(EmbedTest, WrongWordsSayWhatWouldDo) {
  const std::string out = folder_ / "x.npz";
  std::filesystem::create_directories(folder_ / "hollow");
  const std::string best = folder_ / "fetched/best/test_embeds_nmi";
  std::filesystem::create_directories(best);
  write_text(best + "/network.safetensors", "of a fetched trial");
  std::filesystem::copy_file(run_dir_ + "/trial.yaml", folder_ / "fetched/trial.yaml");
  struct Case {
    Words words;
    std::string message;
    int exit_code = 2;
  };
  const std::vector<Case> cases = {
      {{"-o", out}, "name a network: --checkpoint RUN_DIR of a trial, or --arch"},
      {{"--checkpoint", folder_ / "none", "-o", out}, "no such file or folder", 5},
      {{"--checkpoint", folder_ / "hollow", "-o", out}, "no trial.yaml at or above", 5},
      {{"--checkpoint", folder_ / "fetched", "-o", out}, "name one of its best networks: " + best, 5},
      {{"--checkpoint", run_dir_, "-o", folder_ / "x.csv"}, "must end in .npz or .npy"},
      {{"--checkpoint", run_dir_, "-o", folder_ / "none" / "x.npz"}, "no folder", 5},
      {{"--checkpoint", run_dir_, "-o", out, "--embed-dim", "8"}, "go with --arch; a trial has its own"},
      {{"--checkpoint", run_dir_, "-o", out, "--embeddings", "Combined_x"}, "Combined_x"},
      {{"--checkpoint", run_dir_, "-o", out, "--folder", folder_ / "hollow"}, "no classes", 5},
      {{"--checkpoint", run_dir_, "-o", out, "--folder", ".", "--benchmark", "tiny"}, "give one of them"},
      {{"--checkpoint", run_dir_, "-o", out, "--set", "super"}, "no superclasses"},
      {{"--arch", "small_conf", "--features", "--folder", ".", "-o", out}, "small_conf"},
      {{"--arch", "resnet18", "--features", "--folder", ".", "-o", out}, "resnet18-imagenet", 5},
  };
  for (const auto& [words, message, exit_code] : cases) {
    const Output output = embed(words);
    EXPECT_EQ(output.exit_code, exit_code) << output.err;
    EXPECT_NE(output.err.find(message), std::string::npos) << output.err;
    EXPECT_FALSE(std::filesystem::exists(out)) << message;
  }
}

TEST_F(EmbedTest, ACheckpointOfAnotherTrialIsRefused) {
  TinyTrial other;
  other.set("seed", "6");
  write_text(folder_ / "other.yaml", other.text());
  const Output output = embed({"--checkpoint", run_dir_, "--trial", folder_ / "other.yaml", "-o", folder_ / "x.npz"});
  EXPECT_EQ(output.exit_code, 6);
  EXPECT_NE(output.err.find("belongs to trial"), std::string::npos) << output.err;
}

}  // namespace
}  // namespace oodml::testing
