#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using ChangeTest = CliTest;

TEST_F(ChangeTest, ChangesGoToTheSweepOrToSomeOfItsTrials) {
  *service_.change_reply.mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  service_.change_reply.set_changed(2);
  const Outcome outcome = run({"retry", "smoke", "--trial", "7", "8", "--trial", "9,10"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "Queued 2 trials of sweep 3 smoke (now 1 succeeded, 2 running, 3 queued).\n");
  EXPECT_EQ(service_.changes.at(0).first, "retry");
  EXPECT_EQ(service_.changes.at(0).second.trial_ids_size(), 4);
  for (const char* name : {"pause", "resume", "cancel"}) {
    std::vector<std::string> words = {name, "3"};
    if (words[0] == "cancel") words.push_back("--yes");
    EXPECT_EQ(run(words).code, 0);
    EXPECT_EQ(service_.changes.back().first, name);
    EXPECT_EQ(service_.changes.back().second.sweep().sweep_id(), 3);
    EXPECT_FALSE(service_.changes.back().second.request_id().empty());
    EXPECT_FALSE(service_.changes.back().second.after_running());
  }
  EXPECT_EQ(run({"pause", "3", "--after-running"}).code, 0);
  EXPECT_TRUE(service_.changes.back().second.after_running());
  EXPECT_EQ(run({"resume", "3", "--after-running"}).code, 2) << "of pause alone";
}

TEST_F(ChangeTest, CancelAsksOnATerminal) {
  in_is_terminal_ = true;
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  const Outcome refused = run({"cancel", "smoke"}, "n\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.err, "Cancel sweep 3 smoke (1 succeeded, 2 running, 3 queued)? [y/N] Nothing was cancelled.\n");
  EXPECT_TRUE(service_.changes.empty());
  EXPECT_EQ(run({"cancel", "smoke"}, "y\n").code, 0);
  EXPECT_EQ(run({"cancel", "smoke", "--yes"}).code, 0);
  EXPECT_EQ(service_.changes.size(), 2u);
}

TEST_F(ChangeTest, CancelWithoutATerminalWantsAYes) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"cancel", "smoke"}, {"cancel", "smoke", "--trial", "7"}}) {
    const Outcome refused = run(words, "y\n");
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("say --yes"), std::string::npos) << refused.err;
  }
  EXPECT_TRUE(service_.changes.empty());
  EXPECT_EQ(run({"cancel", "smoke", "-y"}).code, 0);
  EXPECT_EQ(service_.changes.size(), 1u);
}

}  // namespace
}  // namespace oodml::cli
