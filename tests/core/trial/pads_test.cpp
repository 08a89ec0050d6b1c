// A trial of the sampler pads through the real program.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// Six classes of six images to train on and two to validate with; an update of 11 bins after steps 5, 9, ..., 49.
class PadsTrialTest : public ::testing::Test {
 protected:
  PadsTrialTest() {
    trial_.set("miner", "none");
    trial_.set("validation", "samples");
    trial_.set("validation_fraction", "0.25");
    trial_.set("sampler",
               "{name: pads, n_support: 12, sample_freq: 4, metric_history: 3, run_avgs: [2, 4], size: [16]}");
    trial_.set("epochs", "2");
  }

  std::string progression(const std::string& run) const {
    return read_text(trial_.run_dir(run) / "sampling_progression.csv");
  }
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  TinyTrial trial_;
};

TEST_F(PadsTrialTest, TrainsAndTellsHowTheHistogramChanged) {
  trial_.set("log", "{csv: true, tensorboard: true}");
  const Output output = trial_.finish("run");
  ASSERT_EQ(output.exit_code, 0) << output.err;

  const auto lines = lines_of(progression("run"));
  ASSERT_EQ(lines.size(), 1U + 12U);
  EXPECT_TRUE(lines[0].starts_with("iteration,epoch,score,reward,bin_0,bin_1,")) << lines[0];
  EXPECT_TRUE(lines[0].ends_with(",raw_10")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("5,1,")) << lines[1];
  EXPECT_TRUE(lines[12].starts_with("49,2,")) << lines[12];
  EXPECT_NE(lines[1].substr(lines[1].find("0.")), lines[12].substr(lines[12].find("0.")));

  const auto results = nlohmann::json::parse(read_text(trial_.run_dir("run") / "results.json"));
  const auto& columns = results.at("sampling_progression");
  EXPECT_EQ(columns.at("iteration").size(), 12U);
  EXPECT_EQ(columns.at("bins").at(11).size(), 11U);
  double sum = 0.0;
  for (const double p : columns.at("bins").at(11)) sum += p;
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_EQ(results.at("last").at("policy").at("sampling@3").at("value"), columns.at("bins").at(11).at(3));
  EXPECT_TRUE(std::filesystem::exists(trial_.run_dir("run") / "CSV_Logs" / "Data_Policy_sampling.csv"));

  const auto told = figures(last_attempt(trial_.events_log("run")));
  for (const char* name :
       {"sampling@0", "sampling@10", "reward", "score", "policy_loss", "value_loss", "grad_l2", "grad_max"}) {
    for (const char* epoch : {"1", "2"}) {
      const std::string begin = std::string(epoch) + " policy " + name + " ";
      EXPECT_EQ(std::ranges::count_if(told, [&](const std::string& line) { return line.starts_with(begin); }), 1)
          << begin;
    }
  }
}

TEST_F(PadsTrialTest, KilledInsideOfAnEpochAndResumedGivesTheSameBitsAndLines) {
  ASSERT_EQ(trial_.finish("calm").exit_code, 0);
  for (const char* sign : {"checkpoint epoch=1", "hello"}) {
    Process process(trial_.words("killed"));
    ASSERT_TRUE(wait_until([&] {
      return std::filesystem::exists(trial_.events_log("killed")) &&
             read_text(trial_.events_log("killed")).find(sign) != std::string::npos;
    }));
    process.signal(SIGKILL);
    process.wait();
  }
  const Output output = trial_.finish("killed");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(progression("killed"), progression("calm"));
  EXPECT_EQ(figures(last_attempt(trial_.events_log("killed"))), figures(last_attempt(trial_.events_log("calm"))));
  for (const char* file : {"network.safetensors", "extras.safetensors"}) {
    const auto at = std::filesystem::path("checkpoints") / "0002" / file;
    EXPECT_EQ(read_text(trial_.run_dir("killed") / at), read_text(trial_.run_dir("calm") / at)) << file;
    EXPECT_FALSE(read_text(trial_.run_dir("calm") / at).empty());
  }
  // A trial that is complete reports again, with its progression.
  std::filesystem::remove(trial_.run_dir("calm") / "results.json");
  std::filesystem::remove(trial_.run_dir("calm") / "sampling_progression.csv");
  ASSERT_EQ(trial_.finish("calm").exit_code, 0);
  EXPECT_EQ(progression("calm"), progression("killed"));
  EXPECT_EQ(nlohmann::json::parse(read_text(trial_.run_dir("calm") / "results.json")).at("sampling_progression"),
            nlohmann::json::parse(read_text(trial_.run_dir("killed") / "results.json")).at("sampling_progression"));
}

TEST_F(PadsTrialTest, ReplicasSampleAlike) {
  trial_.set("replicas", "2");
  const Output output = trial_.finish("two");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(lines_of(progression("two")).size(), 13U);
}

TEST_F(PadsTrialTest, ValidationImagesThatCannotBeHeldBackAreRefused) {
  trial_.set("validation_fraction", "0.99");
  const Output output = trial_.finish("empty");
  EXPECT_NE(output.exit_code, 0);
  EXPECT_NE(output.err.find("validation: samples leaves no image for training"), std::string::npos) << output.err;
}

}  // namespace
}  // namespace oodml::testing
