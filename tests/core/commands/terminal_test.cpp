// Where nobody reads any more what is printed for people: a terminal that was closed, a full disk.
#include <gtest/gtest.h>

#include "tests/core/trial/tiny_trial.h"
#include "tests/support/terminal.h"

namespace oodml::testing {
namespace {

/// The words with stdout on a disk that is full.
Output onto_a_full_disk(std::vector<std::string> words) {
  words.insert(words.begin(), {"/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"});
  return run(words);
}

TEST(TerminalTest, ADetachedTrialGoesOnWhenItsTerminalIsClosed) {
  TinyTrial trial;
  trial.set("epochs", "2");
  TerminalProgram program(trial.words("run"), /*after_nohup=*/true);
  ASSERT_TRUE(program.says("loading")) << "its figures come after this";
  program.close_terminal();
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(all_of<job::Done>(last_attempt(trial.events_log("run"))).size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(trial.run_dir("run") / "results.json"));
}

TEST(TerminalTest, AClosedTerminalStopsATrialWithACheckpoint) {
  TinyTrial trial;
  trial.set("epochs", "100000");
  TerminalProgram program(trial.words("run"), /*after_nohup=*/false);
  ASSERT_TRUE(program.says("epoch 1 "));
  program.close_terminal();
  EXPECT_EQ(program.wait(), 75);
  EXPECT_EQ(all_of<job::Stopped>(last_attempt(trial.events_log("run"))).size(), 1U);
}

TEST(TerminalTest, ATrialWhoseOutputGoesToAFullDiskIsTrained) {
  TinyTrial trial;
  trial.set("epochs", "1");
  const Output output = onto_a_full_disk(trial.words("run"));
  EXPECT_EQ(output.exit_code, 0) << output.err;
  EXPECT_TRUE(std::filesystem::exists(trial.run_dir("run") / "results.json"));
}

TEST(TerminalTest, ACommandWhoseOutputIsLostHasFailed) {
  for (const std::string command : {"components", "probe"}) {
    const Output output = onto_a_full_disk({program("oodml-core"), command});
    EXPECT_EQ(output.exit_code, 1);
    EXPECT_EQ(output.err, "oodml-core " + command + ": stdout cannot be written: No space left on device\n");
  }
  const Output output = onto_a_full_disk({program("oodml"), "components"});
  EXPECT_EQ(output.exit_code, 1);
  EXPECT_NE(output.err.find("stdout cannot be written"), std::string::npos) << output.err;
}

}  // namespace
}  // namespace oodml::testing
