#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/sha256.h"
#include "core/catalogue/catalogue.h"
#include "tests/core/images/sample_images.h"
#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

TEST(ProgramTest, TheCatalogueAndTheFactoriesNameTheSameComponents) {
  const Output output = run({program("oodml-core"), "components", "--json"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto document = nlohmann::json::parse(output.out);
  EXPECT_EQ(document.at("version"), 1);
  using catalogue::Kind;
  for (const Kind kind : {Kind::kCriterion, Kind::kMiner, Kind::kSampler, Kind::kBackbone, Kind::kMetric}) {
    std::vector<std::string> known, made = document.at(catalogue::to_plural(kind));
    for (const auto& component : catalogue::components(kind)) known.push_back(component.name);
    std::sort(known.begin(), known.end());
    std::sort(made.begin(), made.end());
    EXPECT_EQ(made, known) << catalogue::to_plural(kind);
  }
}

TEST(ProgramTest, ProbeNamesTheCpuWithItsThreads) {
  const Output output = run({program("oodml-core"), "probe", "--json"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto document = nlohmann::json::parse(output.out);
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("devices").at(0).at("name"), "cpu");
  EXPECT_GE(document.at("devices").at(0).at("threads"), 1);
  if (read_text("/proc/cpuinfo").find("model name") != std::string::npos) {
    EXPECT_NE(document.at("devices").at(0).at("model"), "");
  }
}

TEST(ProgramTest, VersionTellsCommitAndLibraries) {
  const Output output = run({program("oodml-core"), "version", "--json"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto document = nlohmann::json::parse(output.out);
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("oodml-core"), OODML_VERSION);
  for (const char* key : {"commit", "build_type", "libtorch", "faiss"}) {
    EXPECT_FALSE(document.at(key).get<std::string>().empty()) << key;
  }
  EXPECT_TRUE(document.at("cuda").is_null() || document.at("cuda").is_string());
  const std::string commit = document.at("commit");
  EXPECT_EQ(run({program("oodml-core"), "--version"}).out, "oodml-core " OODML_VERSION ", commit " + commit + "\n");
}

TEST(ProgramTest, DecodePrintsALineAnImageAndNamesWhatCannotBeRead) {
  const TemporaryFolder folder;
  const images::Image image = images::patterned_image(5, 3, 1);
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return (folder / name).string();
  };
  const std::string good = write("a.png", images::png_bytes(image)), bad = write("b.jpg", "nothing");
  const Output output = run({program("oodml-core"), "decode", bad, good, folder / "none.png"});
  EXPECT_EQ(output.exit_code, 1);
  const std::string_view pixels(reinterpret_cast<const char*>(image.pixels.data()), image.pixels.size());
  const nlohmann::json wanted = {
      {"file", good}, {"width", 5}, {"height", 3}, {"mode", "RGB"}, {"sha256", sha256_hex(pixels)}};
  EXPECT_EQ(nlohmann::json::parse(output.out), wanted);
  EXPECT_NE(output.err.find(bad + ": a text file; JPEG, PNG and WebP files are read"), std::string::npos) << output.err;
  EXPECT_NE(output.err.find("none.png"), std::string::npos) << output.err;
  EXPECT_EQ(run({program("oodml-core"), "decode", good}).exit_code, 0);
  EXPECT_EQ(run({program("oodml-core"), "decode"}).exit_code, 2);
}

TEST(ProgramTest, EveryAugmentationAndFastDecodingTrain) {
  for (const char* augmentation : {"big", "adv", "red"}) {
    TinyTrial trial;
    trial.set("augmentation", augmentation);
    trial.set("decode", "fast");
    trial.set("epochs", "1");
    EXPECT_EQ(trial.finish(augmentation).exit_code, 0);
  }
}

TEST(ProgramTest, WrongUsageExitsWithTwoAndHelpWithZero) {
  EXPECT_EQ(run({program("oodml-core")}).exit_code, 2);
  EXPECT_EQ(run({program("oodml-core"), "run"}).exit_code, 2);
  EXPECT_EQ(run({program("oodml-core"), "run", "--help"}).exit_code, 0);
  EXPECT_EQ(run({program("oodml-core"), "--version"}).exit_code, 0);
}

TEST(ProgramTest, NoEpochsEvaluateTheUntrainedNetworkAsEpochZero) {
  TinyTrial trial;
  trial.set("epochs", "0");
  ASSERT_EQ(trial.finish("untrained").exit_code, 0);
  const auto events = last_attempt(trial.events_log("untrained"));
  const auto lines = figures(events);
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_TRUE(lines[0].starts_with("0 test e_recall@1 ")) << lines[0];
  EXPECT_EQ(all_of<job::Done>(events).at(0).epochs, 0);
  EXPECT_EQ(all_of<job::Checkpoint>(events).size(), 1U);  // a network that was embedded can be embedded again
}

TEST(ProgramTest, EvaluationsComeEveryFewEpochsBeforeTrainingWhenAskedAndAfterTheLast) {
  TinyTrial trial;
  trial.set("epochs", "3");
  trial.set("steps_per_epoch", "2");
  trial.set("evaluate", "{sets: [test], metrics: [e_recall@1], every: 2, before_training: true}");
  ASSERT_EQ(trial.finish("every").exit_code, 0);
  std::vector<std::int64_t> epochs;
  for (const auto& metric : all_of<job::Metric>(last_attempt(trial.events_log("every")))) {
    if (metric.name == "e_recall@1") epochs.push_back(metric.epoch);
  }
  EXPECT_EQ(epochs, (std::vector<std::int64_t>{0, 2, 3}));
}

TEST(ProgramTest, ResultsJsonHoldsTheLastAndTheBestFigures) {
  TinyTrial trial;
  trial.set("epochs", "2");
  ASSERT_EQ(trial.finish("results").exit_code, 0);
  const auto results = nlohmann::json::parse(read_text(trial.run_dir("results") / "results.json"));
  EXPECT_EQ(results.at("version"), 1);
  EXPECT_EQ(results.at("seed"), 5);
  EXPECT_EQ(results.at("last").at("test").at("e_recall@1").at("epoch"), 2);
  EXPECT_GE(results.at("best").at("test").at("e_recall@1").at("value"),
            results.at("last").at("test").at("e_recall@1").at("value"));
  EXPECT_FALSE(results.at("best").at("train").contains("loss"));
  EXPECT_FALSE(results.at("best").at("test").contains("dists@intra"));
}

TEST(ProgramTest, TheBestEpochThatIsKeptIsThatOfTheResults) {
  TinyTrial trial;
  trial.set("epochs", "4");
  trial.set("steps_per_epoch", "4");
  trial.set("keep_best", "[e_recall@1, mAP_c]");
  ASSERT_EQ(trial.finish("best").exit_code, 0);
  const auto results = nlohmann::json::parse(read_text(trial.run_dir("best") / "results.json"));
  for (const std::string set : {"test", "train"}) {
    for (const std::string metric : {"e_recall@1", "mAP_c"}) {
      const auto folder = trial.run_dir("best") / "best" / (set + "_embeds_" + metric);
      const auto kept = nlohmann::json::parse(read_text(folder / "best.json"));
      EXPECT_EQ(kept.at("epoch"), results.at("best").at(set).at(metric).at("epoch")) << set << " " << metric;
      EXPECT_EQ(kept.at("value"), results.at("best").at(set).at(metric).at("value")) << set << " " << metric;
    }
  }
}

TEST(ProgramTest, GradientsAreReportedWhenAskedFor) {
  TinyTrial trial;
  trial.set("epochs", "1");
  trial.set("recipe", "revisiting");
  ASSERT_EQ(trial.finish("gradients").exit_code, 0);
  std::vector<std::string> names;
  for (const auto& metric : all_of<job::Metric>(last_attempt(trial.events_log("gradients")))) {
    if (metric.set == "train") names.push_back(metric.name);
    if (metric.name.starts_with("grad_")) {
      EXPECT_GT(metric.value, 0.0);
    }
  }
  names.resize(5);
  EXPECT_EQ(names, (std::vector<std::string>{"loss", "seconds", "data_wait", "grad_l2", "grad_max"}));
}

TEST(ProgramTest, PushTripletsAreAFigureOfEachEpoch) {
  for (const char* criterion : {"margin", "{name: s2sd, source: margin, target: margin, target_dims: [8, 12]}"}) {
    TinyTrial trial;
    trial.set("epochs", "2");
    trial.set("criterion", criterion);
    trial.set("miner", "{name: rho_distance, cp: 1}");
    const Output output = trial.finish("pushing");
    ASSERT_EQ(output.exit_code, 0) << output.err;
    std::vector<double> pushes;
    for (const auto& metric : all_of<job::Metric>(last_attempt(trial.events_log("pushing")))) {
      if (metric.set == "train" && metric.name == "push_triplets") pushes.push_back(metric.value);
    }
    // All of the batch of eight have a partner, and each pushes it away.
    EXPECT_EQ(pushes, (std::vector<double>{8.0, 8.0})) << criterion;
  }
}

TEST(ProgramTest, HalfPrecisionRunsOnACpuAndFloat16IsWarnedOf) {
  for (const std::string precision : {"bfloat16", "float16"}) {
    TinyTrial trial;
    trial.set("epochs", "1");
    trial.set("steps_per_epoch", "2");
    trial.set("precision", precision);
    ASSERT_EQ(trial.finish(precision).exit_code, 0);
    const auto warnings = all_of<job::Warning>(last_attempt(trial.events_log(precision)));
    ASSERT_EQ(warnings.size(), precision == "float16" ? 1U : 0U);
    if (!warnings.empty()) {
      EXPECT_NE(warnings[0].message.find("bfloat16 is the one to try"), std::string::npos);
    }
  }
}

TEST(ProgramTest, AMetricThatIsAVectorGoesToResultsJsonAndNotToTheEvents) {
  TinyTrial trial;
  trial.set("epochs", "0");
  trial.set("evaluate", "{sets: [test], metrics: [\"rho_spectrum@0\", \"rho_spectrum@-1\", c_mAP]}");
  ASSERT_EQ(trial.finish("vector").exit_code, 0);
  const auto results = nlohmann::json::parse(read_text(trial.run_dir("vector") / "results.json"));
  const auto& spectrum = results.at("last").at("test").at("rho_spectrum@0");
  EXPECT_EQ(spectrum.at("epoch"), 0);
  EXPECT_GE(spectrum.at("values").size(), 2U);
  EXPECT_FALSE(results.at("best").at("test").contains("rho_spectrum@-1"));
  std::vector<std::string> names;
  for (const auto& metric : all_of<job::Metric>(last_attempt(trial.events_log("vector")))) names.push_back(metric.name);
  EXPECT_EQ(names, (std::vector<std::string>{"rho_spectrum@-1", "c_mAP"}));
}

TEST(ProgramTest, DescriptorThreeGetsTheLinesOfTheLogAndThenStdoutIsQuiet) {
  TinyTrial trial;
  trial.set("epochs", "1");
  const auto copy = trial.run_dir("piped").parent_path() / "events.txt";
  std::filesystem::create_directories(copy.parent_path());
  std::vector<std::string> words = {
      "/bin/bash", "-c", "set -o pipefail; { \"$@\" 3>&1 >&4 4>&- | cat >" + copy.string() + "; } 4>&1", "bash"};
  for (const std::string& word : trial.words("piped")) words.push_back(word);
  const Output output = run(words);
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(read_text(copy), read_text(trial.events_log("piped")));
  EXPECT_TRUE(read_text(copy).starts_with("hello version=1 device=cpu pid="));
  EXPECT_EQ(output.out, "");
}

TEST(ProgramTest, ByHandOneLineAnEpochIsPrinted) {
  TinyTrial trial;
  trial.set("epochs", "2");
  const Output output = trial.finish("lines");
  EXPECT_NE(output.out.find("epoch 1  loss "), std::string::npos) << output.out;
  EXPECT_NE(output.out.find("epoch 2  loss "), std::string::npos) << output.out;
  EXPECT_NE(output.out.find("|  test  e_recall@1 "), std::string::npos) << output.out;
  EXPECT_NE(output.out.find("done after 2 epochs"), std::string::npos) << output.out;
}

TEST(ProgramTest, ARunDirectoryBelongsToOneProcess) {
  const TinyTrial trial;
  std::filesystem::create_directories(trial.run_dir("taken"));
  write_text(trial.events_log("taken"), "");
  std::vector<std::string> words = {"/usr/bin/flock", trial.events_log("taken").string()};
  for (const std::string& word : trial.words("taken")) words.push_back(word);
  const Output output = run(words);
  EXPECT_EQ(output.exit_code, 6);
  EXPECT_NE(output.err.find("another process works in run directory"), std::string::npos) << output.err;
}

TEST(ProgramTest, ATornLastLineOfTheLogIsClosed) {
  TinyTrial trial;
  trial.set("epochs", "0");
  std::filesystem::create_directories(trial.run_dir("torn"));
  write_text(trial.events_log("torn"), "progress epoch=1 st");
  ASSERT_EQ(trial.finish("torn").exit_code, 0);
  EXPECT_NE(read_text(trial.events_log("torn")).find("progress epoch=1 st\nhello "), std::string::npos);
}

}  // namespace
}  // namespace oodml::testing
