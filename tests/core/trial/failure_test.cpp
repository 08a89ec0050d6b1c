#include <gtest/gtest.h>

#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// Runs the trial, expects it to fail, and gives "<kind>: <message>".
std::string failure_of(const TinyTrial& trial) {
  const Output output = trial.finish("failing");
  EXPECT_EQ(output.exit_code, 1) << output.err;
  const auto failed = all_of<job::Failed>(last_attempt(trial.events_log("failing")));
  if (failed.size() != 1) return "";
  EXPECT_NE(output.err.find(failed[0].message), std::string::npos) << output.err;  // for people too
  return failed[0].kind + ": " + failed[0].message;
}

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(TrialFailureTest, ALossThatIsNotFiniteNamesEpochAndStep) {
  TinyTrial trial;
  trial.set("lr", "1.0e+30");
  trial.set("criterion", "{name: triplet}");
  trial.set("arch", "small_conv");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("numeric: loss or embeddings are NaN or infinite at step ")) << failure;
  EXPECT_HAS(failure, "of epoch 1 of 3");
}

TEST(TrialFailureTest, AMissingBenchmarkIsNamedWithWhatItsFolderShouldHold) {
  TinyTrial trial;
  std::filesystem::remove_all(trial.benchmark());
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, trial.benchmark().string());
}

TEST(TrialFailureTest, ClassesThatAreNotOnDiskAreNamed) {
  TinyTrial trial;
  trial.set("split", "1");
  write_text(
      trial.benchmark() / "splits.json",
      R"({"version": 1, "benchmark": "tiny", "splits": {"1": {"train": ["class0", "heron"], "test": ["class1"], "fid": null}}})");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "heron");
}

TEST(TrialFailureTest, AnUnknownSplitIsNamedWithTheKnownOnes) {
  TinyTrial trial;
  trial.set("split", "7");
  write_text(
      trial.benchmark() / "splits.json",
      R"({"version": 1, "benchmark": "tiny", "splits": {"1": {"train": ["class0"], "test": ["class1"], "fid": null}}})");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "'7'");
}

TEST(TrialFailureTest, AnEmptyPlaceOfAMountAndADamagedSplitFileAreTheMachinesTrouble) {
  TinyTrial trial;
  trial.set("split", "1");
  write_text(trial.benchmark() / "splits.json", R"({"version": 1, "benchmark": "tiny", "splits": {"1": {)");
  std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "splits.json");
  std::filesystem::remove_all(trial.benchmark());
  std::filesystem::create_directories(trial.benchmark());
  failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "no classes");
}

TEST(TrialFailureTest, ValidationListsThatTheSplitDoesNotHaveAreTheTrialsFault) {
  TinyTrial trial;
  trial.set("split", "1");
  trial.set("validation", "split");
  write_text(
      trial.benchmark() / "splits.json",
      R"({"version": 1, "benchmark": "tiny", "splits": {"1": {"train": ["class0"], "test": ["class1"], "fid": null}}})");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("bad_configuration: ")) << failure;
  EXPECT_HAS(failure, "validation: classes");
}

TEST(TrialFailureTest, DamagedWeightsAreTheMachinesTrouble) {
  TinyTrial trial;
  trial.set("weights", "mine");
  std::filesystem::create_directories(trial.places().weights_root);
  write_text(trial.places().weights_root / "small_conv-mine.safetensors", "half a fi");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "small_conv-mine.safetensors");
}

TEST(TrialFailureTest, MissingWeightsNameTheFileAndTheWayOut) {
  TinyTrial trial;
  trial.set("weights", "mine");
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "weights/small_conv-mine.safetensors");
  EXPECT_HAS(failure, "weights: none");
}

TEST(TrialFailureTest, ABatchLargerThanTheTrainingSetIsRefused) {
  TinyTrial trial;
  trial.set("steps_per_epoch", "0");
  trial.set("batch_size", "64");
  EXPECT_TRUE(failure_of(trial).starts_with("bad_configuration: "));
}

TEST(TrialFailureTest, ATruncatedImageFailsTheTrialByName) {
  TinyTrial trial;
  const std::string bytes = read_text(trial.image(4, 2));
  write_text(trial.image(4, 2), bytes.substr(0, bytes.size() / 2));
  const std::string failure = failure_of(trial);
  EXPECT_TRUE(failure.starts_with("machine: ")) << failure;
  EXPECT_HAS(failure, "class4/2.png");
}

TEST(TrialFailureTest, ATruncatedImageIsLeftOutWhenAsked) {
  TinyTrial trial;
  const std::string bytes = read_text(trial.image(4, 2));
  write_text(trial.image(4, 2), bytes.substr(0, bytes.size() / 2));
  trial.set("skip_unreadable_images", "true");
  trial.set("epochs", "1");
  ASSERT_EQ(trial.finish("skipping").exit_code, 0);
  const auto warnings = all_of<job::Warning>(last_attempt(trial.events_log("skipping")));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_HAS(warnings[0].message, "left out 1 unreadable images of the test set");
  EXPECT_HAS(warnings[0].message, "class4/2.png");
}

TEST(TrialFailureTest, AClassOfOneImageIsReported) {
  TinyTrial trial;
  for (int n = 1; n < 8; ++n) std::filesystem::remove(trial.image(5, n));
  trial.set("epochs", "0");
  ASSERT_EQ(trial.finish("single").exit_code, 0);
  const auto warnings = all_of<job::Warning>(last_attempt(trial.events_log("single")));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_HAS(warnings[0].message, "one image only, which no query of its class can find: class5");
}

TEST(TrialFailureTest, AFullDiskUnderTheCheckpointsIsTheMachinesTrouble) {
  TinyTrial trial;
  trial.set("artifacts", "[none]");  // the best network would be written first
  std::vector<std::string> words = {"/bin/bash", "-c", "ulimit -f 64; exec \"$@\"", "bash"};  // 64 KiB a file
  for (const std::string& word : trial.words("full")) words.push_back(word);
  EXPECT_EQ(run(words).exit_code, 1);
  const auto events = last_attempt(trial.events_log("full"));
  const auto failed = all_of<job::Failed>(events);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].kind, "machine");
  EXPECT_HAS(failed[0].message, "write a checkpoint: ");
  EXPECT_HAS(failed[0].message, "network.safetensors");
  EXPECT_TRUE(std::filesystem::is_empty(trial.run_dir("full") / "checkpoints"));  // the space is given back
}

TEST(TrialFailureTest, AnUnknownDeviceIsTheMachinesTrouble) {
  const TinyTrial trial;
  EXPECT_EQ(trial.finish("device", {"--device", "cuda:63"}).exit_code, 1);
  const auto failed = all_of<job::Failed>(last_attempt(trial.events_log("device")));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].kind, "machine");
  EXPECT_HAS(failed[0].message, "it has cpu");
}

TEST(TrialFailureTest, AWrongTrialFileIsASpecificationError) {
  TinyTrial trial;
  trial.set("batchsize", "8");
  const Output output = trial.finish("wrong");
  EXPECT_EQ(output.exit_code, 2);
  EXPECT_HAS(output.err, "batchsize");
  EXPECT_EQ(all_of<job::Failed>(last_attempt(trial.events_log("wrong"))).size(), 1U);
}

}  // namespace
}  // namespace oodml::testing
