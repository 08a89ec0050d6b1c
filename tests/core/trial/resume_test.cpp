#include <gtest/gtest.h>
#include <signal.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>

#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// What an undisturbed run of the tiny trial gives; made once.
struct Reference {
  std::vector<std::string> figures;
  std::string network;
};

std::string final_network(const TinyTrial& trial, const std::string& run) {
  return read_text(trial.run_dir(run) / "checkpoints" / "0003" / "network.safetensors");
}

const Reference& reference() {
  static const Reference made = [] {
    const TinyTrial trial;
    const Output output = trial.finish("undisturbed");
    EXPECT_EQ(output.exit_code, 0) << output.err;
    return Reference{figures(last_attempt(trial.events_log("undisturbed"))), final_network(trial, "undisturbed")};
  }();
  return made;
}

void expect_as_undisturbed(const TinyTrial& trial, const std::string& run) {
  EXPECT_EQ(figures(last_attempt(trial.events_log(run))), reference().figures);
  EXPECT_EQ(final_network(trial, run), reference().network);
  EXPECT_FALSE(reference().network.empty());
}

bool log_has(const TinyTrial& trial, const std::string& run, const std::string& text) {
  std::error_code missing;
  return std::filesystem::exists(trial.events_log(run), missing) &&
         read_text(trial.events_log(run)).find(text) != std::string::npos;
}

/// Starts the trial, and sends `signal` as soon as the checkpoint of `epoch` stands in the log: somewhere in the
/// epoch behind it.
int disturb(const TinyTrial& trial, const std::string& run, int epoch, int signal) {
  Process process(trial.words(run));
  EXPECT_TRUE(wait_until([&] { return log_has(trial, run, "checkpoint epoch=" + std::to_string(epoch)); }));
  process.signal(signal);
  return process.wait();
}

TEST(ResumeTest, AnUndisturbedRunReportsEveryEpochInOrder) {
  const auto& lines = reference().figures;
  ASSERT_EQ(lines.size(), 3U * 9U);  // loss, then four metrics of two sets
  EXPECT_TRUE(lines[0].starts_with("1 train loss ")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("1 test e_recall@1 ")) << lines[1];
  EXPECT_TRUE(lines[5].starts_with("1 train e_recall@1 ")) << lines[5];
  EXPECT_TRUE(lines[26].starts_with("3 train dists@intra ")) << lines[26];
}

TEST(ResumeTest, LoaderThreadsDoNotMatter) {
  TinyTrial trial;
  trial.set("loader_threads", "4");
  ASSERT_EQ(trial.finish("four").exit_code, 0);
  expect_as_undisturbed(trial, "four");
}

TEST(ResumeTest, ImagesKeptInMemoryDoNotMatter) {
  TinyTrial trial;
  trial.set("cache_mib", "1");
  ASSERT_EQ(trial.finish("kept").exit_code, 0);
  expect_as_undisturbed(trial, "kept");
}

TEST(ResumeTest, AnotherSeedGivesAnotherResult) {
  TinyTrial trial;
  trial.set("seed", "6");
  ASSERT_EQ(trial.finish("six").exit_code, 0);
  EXPECT_NE(figures(last_attempt(trial.events_log("six"))), reference().figures);
}

TEST(ResumeTest, KilledTwiceAndResumedGivesTheSameBits) {
  TinyTrial trial;
  trial.set("epochs", "3");
  EXPECT_EQ(disturb(trial, "killed", 1, SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(disturb(trial, "killed", 2, SIGKILL), 128 + SIGKILL);
  const Output output = trial.finish("killed");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  expect_as_undisturbed(trial, "killed");
}

TEST(ResumeTest, StoppedInsideAnEpochGoesOnThereInAnotherRunDirectory) {
  TinyTrial trial;
  EXPECT_EQ(disturb(trial, "first", 1, SIGTERM), 75);
  const auto stopped = all_of<job::Stopped>(last_attempt(trial.events_log("first")));
  ASSERT_EQ(stopped.size(), 1U);
  EXPECT_GE(stopped[0].epoch, 1);
  const Output output = trial.finish(
      "second", {"--resume-from", (trial.run_dir("none")).string(), "--resume-from", trial.run_dir("first").string()});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  expect_as_undisturbed(trial, "second");
}

TEST(ResumeTest, ADamagedCheckpointFallsBackToTheOneBefore) {
  TinyTrial trial;
  trial.set("keep_checkpoints", "2");
  ASSERT_EQ(trial.finish("damaged").exit_code, 0);
  std::ofstream(trial.run_dir("damaged") / "checkpoints" / "0003" / "optimizer.safetensors", std::ios::app) << "x";
  ASSERT_EQ(trial.finish("damaged").exit_code, 0);
  const auto events = last_attempt(trial.events_log("damaged"));
  const auto warnings = all_of<job::Warning>(events);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].message.find("optimizer.safetensors does not have its checksum"), std::string::npos);
  const auto checkpoints = all_of<job::Checkpoint>(events);
  ASSERT_EQ(checkpoints.size(), 1U);  // the third epoch alone was trained again
  EXPECT_EQ(checkpoints[0].epoch, 3);
  expect_as_undisturbed(trial, "damaged");
}

TEST(ResumeTest, AFinishedRunReportsItsHistoryAgainWithoutTraining) {
  const TinyTrial trial;
  ASSERT_EQ(trial.finish("again").exit_code, 0);
  const auto results = read_text(trial.run_dir("again") / "results.json");
  std::filesystem::remove(trial.run_dir("again") / "results.json");
  std::filesystem::remove_all(trial.benchmark());  // it needs no images any more
  ASSERT_EQ(trial.finish("again").exit_code, 0);
  EXPECT_EQ(read_text(trial.run_dir("again") / "results.json"), results);
  EXPECT_TRUE(all_of<job::Checkpoint>(last_attempt(trial.events_log("again"))).empty());
  expect_as_undisturbed(trial, "again");
}

/// The events of a TensorBoard file without their wall times (field 1, in front), and without what a clock measured.
std::vector<std::string> scalars(const std::string& file) {
  std::vector<std::string> events;
  for (std::size_t at = 0; at + 16 <= file.size();) {
    std::uint64_t length = 0;
    std::memcpy(&length, file.data() + at, sizeof(length));
    const std::string event = file.substr(at + 12 + 9, length - 9);
    const bool is_measured = event.contains("Train/time") || event.contains("Train/data_wait");
    if (!is_measured) events.push_back(event);
    at += 16 + length;
  }
  return events;
}

/// Everything a run leaves that is a function of its trial: file -> content.
std::map<std::string, std::string> left_by(const TinyTrial& trial, const std::string& run) {
  std::map<std::string, std::string> files;
  const auto folder = trial.run_dir(run);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name == "events.log") continue;
    if (name == "CSV_Logs/Data_Train_time.csv" || name == "CSV_Logs/Data_Train_data_wait.csv") continue;
    if (name.starts_with("tensorboard/") || name == "results.json" || entry.path().extension() == ".lock") continue;
    if (name.starts_with("checkpoints/") && entry.path().extension() == ".json") continue;  // holds the seconds
    files[name] = read_text(entry.path());
  }
  return files;
}

/// Lets a run go on until its log has that many bytes, then kills it; true when it was still running.
bool killed_behind(const TinyTrial& trial, const std::string& run, std::uintmax_t bytes) {
  Process process(trial.words(run));
  std::error_code missing;
  EXPECT_TRUE(wait_until([&] {
    const auto size = std::filesystem::file_size(trial.events_log(run), missing);
    return (!missing && size >= bytes) || !process.running();
  }));
  if (process.running()) process.signal(SIGKILL);
  return process.wait() == 128 + SIGKILL;
}

TEST(ResumeTest, KilledAnywhereABestEpochIsKeptAndNoLogHasALineTwiceOrNone) {
  TinyTrial trial;
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"steps_per_epoch", "7"},
                                                        {"optimizer", "sgd"},
                                                        {"accumulate", "3"},
                                                        {"lr", "0.05"},
                                                        {"tau", "[2]"},
                                                        {"augmentation", "adv"},
                                                        {"sampler", "{name: greedy_coreset, bigbs: 20}"},
                                                        {"keep_best", "[e_recall@1, mAP_c]"},
                                                        {"log", "{csv: true, tensorboard: true, gradients: true}"}}) {
    trial.set(key, value);
  }
  ASSERT_EQ(trial.finish("calm").exit_code, 0);
  const auto expected = left_by(trial, "calm");
  ASSERT_TRUE(expected.contains("best/test_embeds_mAP_c/network.safetensors"));
  ASSERT_TRUE(expected.contains("CSV_Logs/Data_Model Grad_L2.csv"));
  const auto size = std::filesystem::file_size(trial.events_log("calm"));
  int kills = 0;
  std::uintmax_t written = 0;
  for (const std::uintmax_t part : {1, 3, 4, 6, 7}) {  // eighths of the calm log, behind what the earlier ones wrote
    kills += killed_behind(trial, "killed", written + size * part / 8);
    written = std::filesystem::file_size(trial.events_log("killed"));
  }
  EXPECT_GE(kills, 3);
  ASSERT_EQ(trial.finish("killed").exit_code, 0);
  EXPECT_EQ(left_by(trial, "killed"), expected);
  EXPECT_EQ(figures(last_attempt(trial.events_log("killed"))), figures(last_attempt(trial.events_log("calm"))));
  const std::string board = "tensorboard/events.out.tfevents.oodml";
  const auto told = scalars(read_text(trial.run_dir("calm") / board));
  EXPECT_EQ(told.size(), 1U + 3U * (3 + 8));  // the version; loss, gradients and four metrics of two sets an epoch
  EXPECT_EQ(scalars(read_text(trial.run_dir("killed") / board)), told);
}

TEST(ResumeTest, BestEpochsAndLogsComeAlongToAnotherRunDirectory) {
  TinyTrial trial;
  trial.set("keep_best", "[e_recall@1]");
  trial.set("log", "{csv: true, tensorboard: true}");
  ASSERT_EQ(trial.finish("calm").exit_code, 0);
  EXPECT_EQ(disturb(trial, "first", 1, SIGTERM), 75);
  ASSERT_EQ(trial.finish("second", {"--resume-from", trial.run_dir("first").string()}).exit_code, 0);
  for (const char* file : {"best/test_embeds_e_recall@1/network.safetensors", "best/train_embeds_e_recall@1/best.json",
                           "CSV_Logs/Data_Train_loss.csv", "CSV_Logs/Data_Test_embeds_e_recall.csv",
                           "CSV_Logs/Data_Test_embeds_dists.csv"}) {
    EXPECT_EQ(read_text(trial.run_dir("second") / file), read_text(trial.run_dir("calm") / file)) << file;
    EXPECT_FALSE(read_text(trial.run_dir("calm") / file).empty()) << file;
  }
  EXPECT_GT(std::filesystem::file_size(trial.run_dir("second") / "tensorboard" / "events.out.tfevents.oodml"), 100U);
}

TEST(ResumeTest, ACheckpointOfAnotherTrialIsRefusedInTheRunDirectoryAndPassedOverElsewhere) {
  TinyTrial trial;
  trial.set("epochs", "1");
  ASSERT_EQ(trial.finish("mine").exit_code, 0);
  trial.set("lr", "0.002");
  EXPECT_EQ(trial.finish("mine").exit_code, 1);
  const auto failed = all_of<job::Failed>(last_attempt(trial.events_log("mine")));
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].kind, "bad_configuration");
  EXPECT_NE(failed[0].message.find("belongs to trial"), std::string::npos) << failed[0].message;
  EXPECT_EQ(trial.finish("other", {"--resume-from", trial.run_dir("mine").string()}).exit_code, 0);
  EXPECT_EQ(all_of<job::Warning>(last_attempt(trial.events_log("other"))).size(), 1U);
}

}  // namespace
}  // namespace oodml::testing
