#include <gtest/gtest.h>

#include <sstream>

#include "tests/core/trial/tiny_trial.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "worker/warm_launcher.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::read_text;
using testing::TinyTrial;

class WarmTrialsTest : public ::testing::Test {
 protected:
  int end_of(ProcessLauncher& launcher, const std::string& run, const std::string& seed) {
    trial_.set("seed", seed);
    const std::vector<std::string> words = trial_.words(run, {"--die-with-parent"});
    fs::create_directories(trial_.run_dir(run));
    auto process = launcher.launch({.command = words,
                                    .folder = trial_.run_dir(run),
                                    .log = trial_.run_dir(run) / "log.txt",
                                    .environment = {"CUDA_VISIBLE_DEVICES="},
                                    .may_be_copied = true});
    if (!process) return -1;
    while (!(*process)->read(std::chrono::milliseconds(200)).ended) {
    }
    return (*process)->status().code;
  }
  /// What a trial leaves and depends on nothing but its specification.
  std::string left_by(const std::string& run) {
    std::string all;
    std::istringstream events(read_text(trial_.events_log(run)));
    for (std::string line; std::getline(events, line);) {
      const bool is_time = line.find("name=seconds") != line.npos || line.find("name=data_wait") != line.npos;
      if (line.starts_with("metric") && !is_time) all += line + "\n";
    }
    for (const char* file : {"network.safetensors", "criterion.safetensors", "optimizer.safetensors"}) {
      all += read_text(trial_.run_dir(run) / "checkpoints" / "0003" / file);
    }
    return all;
  }

  TinyTrial trial_;
};

TEST_F(WarmTrialsTest, CopiesTrainTheBitsOfTrialsThatWereStartedAnew) {
  SystemProcessLauncher anew;
  WarmLauncher copies;
  ASSERT_EQ(end_of(anew, "anew5", "5"), 0);
  ASSERT_EQ(end_of(anew, "anew6", "6"), 0);
  ASSERT_EQ(end_of(copies, "copy5", "5"), 0);
  const pid_t of = copies.template_pid();
  ASSERT_EQ(end_of(copies, "copy6", "6"), 0);
  ASSERT_EQ(end_of(copies, "again5", "5"), 0);
  ASSERT_GT(of, 0) << "the core can be a template";
  EXPECT_EQ(copies.template_pid(), of) << "all of one";
  EXPECT_GT(left_by("anew5").size(), 1000U);
  EXPECT_EQ(left_by("copy5"), left_by("anew5"));
  EXPECT_EQ(left_by("copy6"), left_by("anew6"));
  EXPECT_EQ(left_by("again5"), left_by("anew5"));
  EXPECT_NE(left_by("copy6"), left_by("copy5"));
}

}  // namespace
}  // namespace oodml::worker
