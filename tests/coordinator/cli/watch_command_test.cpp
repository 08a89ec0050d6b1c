#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using WatchCommandTest = CliTest;

TEST_F(WatchCommandTest, WatchEndsWithTheSweepAndJudgesItOnlyWhenAsked) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("finished", 1, 1, 0, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("finished", 1, 1, 0, 0);
  EXPECT_EQ(run({"watch", "smoke"}).code, 0);
  const Outcome judged = run({"watch", "smoke", "--wait"});
  EXPECT_EQ(judged.code, 3);
  EXPECT_NE(judged.out.find("sweep 3 smoke is finished: 2 trials, 1 succeeded, 1 failed\n"), std::string::npos)
      << judged.out;
  EXPECT_NE(judged.err.find("oodml retry 3"), std::string::npos);
  const Outcome json = run({"watch", "smoke", "--wait", "-o", "json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_EQ(Json::parse(json.out)["sweep"]["id"], 3);
}

TEST_F(WatchCommandTest, WatchSurvivesAConnectionThatBreaksOff) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("finished", 2, 0, 0, 0);
  service_.broken_streams = 1;
  const Outcome outcome = run({"watch", "smoke", "--wait"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(service_.streams, 2);
}

TEST_F(WatchCommandTest, AnInterruptedWatchSaysHowToComeBack) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  interrupts_ = [n = 0]() mutable { return n++; };
  const Outcome outcome = run({"watch", "smoke"});
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "Stopped watching; the sweep goes on. Come back with: oodml watch 3\n");
}

TEST_F(WatchCommandTest, AWatchWithATimeoutLeavesWhenItIsOver) {
  *service_.get_pages[0].mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("running", 1, 0, 1, 0);
  const Outcome outcome = run({"watch", "smoke", "--wait", "--timeout", "0.2"});
  EXPECT_EQ(outcome.code, 8);
  EXPECT_EQ(outcome.err, "The time is over and the sweep goes on. Come back with: oodml watch 3\n");
  EXPECT_EQ(run({"watch", "smoke", "--timeout", "-1"}).code, 2);
  service_.watch_messages.clear();
  *service_.watch_messages.emplace_back().mutable_sweep() = sample_sweep("finished", 2, 0, 0, 0);
  EXPECT_EQ(run({"watch", "smoke", "--wait", "--timeout", "600"}).code, 0);
}

}  // namespace
}  // namespace oodml::cli
