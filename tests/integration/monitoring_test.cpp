// What the real programs tell those who watch them: /metrics while trials run, `oodml top` on a terminal.
#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>

#include "tests/integration/cluster.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/support/prometheus_text.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/terminal.h"

namespace oodml::testing {
namespace {

class MonitoringTest : public ::testing::Test {
 protected:
  PrometheusText scrape() const {
    httplib::Client client("127.0.0.1", web_port_);
    client.set_read_timeout(60);
    const auto reply = client.Get("/metrics");
    return PrometheusText(reply && reply->status == 200 ? reply->body : "no answer");
  }
  /// On a terminal of 80 columns, until what it shows at first is there.
  std::unique_ptr<TerminalProgram> top() const {
    ProcessOptions options{.environment = cluster_.environment()};
    options.environment["TERM"] = "xterm";
    auto program = std::make_unique<TerminalProgram>(std::vector<std::string>{oodml::testing::program("oodml"), "top"},
                                                     /*after_nohup=*/false, options);
    EXPECT_TRUE(program->says("\x1b[?1049h"));
    EXPECT_TRUE(program->says("slots busy"));
    EXPECT_FALSE(program->reads_lines());
    return program;
  }
  /// Without a wait for what the terminal still has to say.
  static void expect_restored(TerminalProgram& program) {
    EXPECT_TRUE(program.says("\x1b[?1049l"));
    EXPECT_TRUE(program.says("\x1b[?25h"));
    EXPECT_TRUE(program.reads_lines());
  }

  TemporaryFolder folder_;
  const int web_port_ = free_port();
  Cluster cluster_{
      folder_.path(),
      R"({"seeds": {"0": [{"do": "fail", "kind": "numeric"}]}, "default": [{"do": "normal", "step_millis": 50}]})",
      {.through_proxy = false, .coordinator_words = {"--web", "127.0.0.1:" + std::to_string(web_port_), "--metrics"}}};
};

TEST_F(MonitoringTest, WhatMetricsCountIsWhatHappened) {
  cluster_.start_with(faults_sweep(4), /*slots=*/2);
  EXPECT_TRUE(wait_until([&] { return scrape()["oodml_trials{state=\"running\"}"] > 0; }));
  const PrometheusText before = scrape();
  EXPECT_EQ(before.problems(), std::vector<std::string>());
  EXPECT_EQ(before["oodml_slots"], 2);
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"succeeded", "failed"}) == 4; }));
  // Counted anew a second later.
  EXPECT_TRUE(wait_until([&] { return scrape()["oodml_trials{state=\"succeeded\"}"] == 3; }));
  const PrometheusText after = scrape();
  EXPECT_EQ(after.problems(), std::vector<std::string>());
  EXPECT_EQ(after["oodml_attempts_ended_total{outcome=\"succeeded\"}"], cluster_.count({"succeeded"}));
  EXPECT_EQ(after["oodml_attempts_ended_total{outcome=\"numeric\"}"], cluster_.count({"failed"}));
  EXPECT_EQ(after["oodml_attempts_ended_total{outcome=\"lost\"}"], 0);
  EXPECT_EQ(after["oodml_trials{state=\"failed\"}"], 1);
  EXPECT_EQ(after["oodml_leases_granted_total"], 4);
  EXPECT_EQ(after["oodml_rpc_calls_total{code=\"ok\",method=\"WorkerService.Finish\"}"], 4);
  EXPECT_EQ(after["oodml_sweeps{state=\"finished\"}"], 1);
  for (const char* counter : {"oodml_events_stored_total", "oodml_commit_seconds_count",
                              "oodml_rpc_calls_total{code=\"ok\",method=\"WorkerService.PushEvents\"}"}) {
    EXPECT_GT(after[counter], std::max(before[counter], 0.0)) << counter;
  }
  cluster_.stop();
}

TEST_F(MonitoringTest, TheTerminalIsAsItWasHoweverTheDashboardEnds) {
  cluster_.start_coordinator();
  const auto by_key = top();
  by_key->type("q");
  EXPECT_EQ(by_key->wait(), 0);
  expect_restored(*by_key);
  const auto by_ctrl_c = top();
  by_ctrl_c->type("\x03");
  EXPECT_EQ(by_ctrl_c->wait(), 130);
  expect_restored(*by_ctrl_c);
  for (const int number : {SIGTERM, SIGQUIT, SIGSEGV}) {
    const auto by_signal = top();
    by_signal->signal(number);
    EXPECT_EQ(by_signal->wait(), number == SIGTERM ? 130 : 128 + number);
    expect_restored(*by_signal);
  }
  cluster_.stop();
}

TEST_F(MonitoringTest, TheDashboardOutlivesTheCoordinatorAndFollowsTheWindow) {
  cluster_.start_coordinator();
  const auto program = top();
  cluster_.kill_coordinator();
  EXPECT_TRUE(program->says("The coordinator does not answer"));
  cluster_.start_coordinator();
  const std::string name = "a-sweep-whose-name-has-no-room-on-eighty-columns-but-has-it-on-two-hundred";
  cluster_.submit(scripted_sweep(name, 1));
  EXPECT_TRUE(program->says("a-sweep"));
  program->resize(200, 50);
  EXPECT_TRUE(program->says(name));
  program->type("q");
  EXPECT_EQ(program->wait(), 0);
  cluster_.stop();
}

}  // namespace
}  // namespace oodml::testing
