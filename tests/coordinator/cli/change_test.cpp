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

TEST_F(ChangeTest, LabelsChooseTrials) {
  *service_.change_reply.mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  for (const char* name : {"pause", "resume", "retry"}) {
    EXPECT_EQ(run({name, "smoke", "--where", "criterion=margin,split=1..3", "--where", "seed=0"}).code, 0);
    const auto& where = service_.changes.back().second.where();
    EXPECT_EQ(std::vector<std::string>(where.begin(), where.end()),
              (std::vector<std::string>{"criterion=margin,split=1..3", "seed=0"}));
  }
  in_is_terminal_ = true;
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 2, 3);
  *service_.get_pages[0].add_trials() = sample_trial(7, "queued", {});
  const Outcome refused = run({"cancel", "smoke", "--where", "criterion=margin,split=1..3"}, "n\n");
  EXPECT_EQ(refused.err,
            "Cancel 1 trial of sweep 3 smoke with criterion=margin,split=1..3? [y/N] Nothing was cancelled.\n");
  EXPECT_EQ(service_.gets.back().where(0), "criterion=margin,split=1..3");
  EXPECT_EQ(service_.gets.back().states_size(), 4) << "those that are not over";
  EXPECT_EQ(run({"cancel", "smoke", "--where", "criterion=margin", "--yes"}).code, 0);
  EXPECT_EQ(service_.changes.back().first, "cancel");
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
