// Machines that cannot run what they are given: their trials end well elsewhere, and everybody is told why.

#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class MachineFaultsTest : public ::testing::Test {
 protected:
  /// What `oodml workers` says of the worker with that name.
  static json worker(const Cluster& cluster, const std::string& name) {
    const json document = json::parse(cluster.oodml({"workers", "-o", "json"}).out);
    for (const json& one : document.at("workers")) {
      if (one.at("id").get<std::string>().starts_with(name + "-")) return one;
    }
    return {{"state", "unknown"}};
  }
  static bool is(const Cluster& cluster, const std::string& name, const std::string& state) {
    return wait_until([&] { return worker(cluster, name).at("state") == state; }, 30s);
  }
  static std::string shown(const Cluster& cluster) { return cluster.oodml({"show", "faults"}).out; }

  TemporaryFolder folder_;
};

constexpr const char* kBroken =
    R"({"default": [{"do": "fail", "at_step": 0, "kind": "machine", "message": "no such folder /data/birds"}]})";

TEST_F(MachineFaultsTest, ABrokenMachineFailsNoTrialSetsItselfAsideAndComesBackWhenItIsMended) {
  constexpr int kTrials = 30;
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 150}]})");
  cluster.start_coordinator();
  Process& broken = cluster.start_worker("broken", 1, {.script = kBroken});
  ASSERT_TRUE(is(cluster, "broken", "ready"));
  cluster.submit(faults_sweep(kTrials));
  ASSERT_TRUE(is(cluster, "broken", "set aside")) << cluster.worker_log("broken");
  EXPECT_EQ(worker(cluster, "broken").at("set_aside"),
            "3 different trials in a row could not run on it, the last, trial 3, as: no such folder /data/birds");
  EXPECT_NE(cluster.oodml({"workers"}).out.find(" takes no trials: 3 different trials in a row"), std::string::npos);
  EXPECT_NE(shown(cluster).find("no connected worker can run it: "), std::string::npos) << shown(cluster);
  EXPECT_NE(shown(cluster).find("has set itself aside: 3 different trials"), std::string::npos) << shown(cluster);
  EXPECT_EQ(cluster.count({"failed"}), 0);

  cluster.start_worker("good", 2);
  ASSERT_TRUE(wait_until([&] { return cluster.count({"succeeded"}) >= 5; }, 60s));
  const json failed = json::parse(cluster.oodml({"show", "trial", "1", "-o", "json"}).out).at("trial").at("failed_on");
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_TRUE(failed[0].at("worker").get<std::string>().starts_with("broken-"));
  EXPECT_EQ(failed[0].at("message"), "no such folder /data/birds");

  cluster.mend("broken");
  broken.signal(SIGUSR2);
  EXPECT_TRUE(is(cluster, "broken", "ready")) << cluster.worker_log("broken");
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(kTrials)));
  cluster.stop();
  EXPECT_EQ(number_of(cluster.database(), "SELECT count(*) FROM attempts WHERE outcome = 'machine'"), 3);
  EXPECT_EQ(
      number_of(cluster.database(), "SELECT count(*) FROM attempts WHERE outcome NOT IN ('machine', 'succeeded')"), 0);
  for (const auto& [trial, ends] : outcomes(cluster.database())) {
    EXPECT_EQ(ends.size(), trial <= 3 ? 2u : 1u) << "trial " << trial;
    EXPECT_EQ(ends.back(), "succeeded") << "trial " << trial;
  }
}

TEST_F(MachineFaultsTest, ATrialWithoutItsWeightsIsNotHandedOutUntilTheyAreThere) {
  Cluster cluster(folder_.path(), "{}");
  cluster.start_coordinator();
  Process& worker = cluster.start_worker("one");
  ASSERT_TRUE(is(cluster, "one", "ready"));
  std::string yaml = faults_sweep(1);
  yaml.replace(yaml.find("  embed_dim"), 0, "  weights: mine\n");
  cluster.submit(yaml);
  ASSERT_TRUE(wait_until([&] { return shown(cluster).find("no weights small_conv-mine") != std::string::npos; }))
      << shown(cluster);
  EXPECT_NE(shown(cluster).find("no weights small_conv-mine below its weights root (has none)"), std::string::npos);
  EXPECT_EQ(cluster.trials()[0].attempt, 0);

  write_text(cluster.weights() / "small_conv-mine.safetensors", "weights");
  worker.signal(SIGUSR2);  // look now, not within the minute
  EXPECT_TRUE(cluster.all_succeed());
  cluster.stop();
}

TEST_F(MachineFaultsTest, APoisonedTrialEndsWithTheListOfMachinesThatCouldNotRunIt) {
  Cluster cluster(folder_.path(),
                  R"({"seeds": {"0": [{"do": "fail", "kind": "machine", "message": "class heron is not on disk"}]}})");
  cluster.start_coordinator();
  for (const char* name : {"a", "b", "c"}) cluster.start_worker(name);
  cluster.submit(faults_sweep(2));
  const auto failed = [&] {
    cluster.skip_backoff();
    return cluster.count({"failed"}) == 1;
  };
  ASSERT_TRUE(wait_until(failed, 60s)) << shown(cluster);
  EXPECT_NE(shown(cluster).find("machine: set aside: it failed on 3 different machines: a-"), std::string::npos)
      << shown(cluster);
  EXPECT_EQ(cluster.count({"succeeded"}), 1);
  for (const char* name : {"a", "b", "c"})
    EXPECT_EQ(worker(cluster, name).at("state"), "ready") << "one trial condemns none";
  cluster.stop();
}

}  // namespace
}  // namespace oodml::testing
