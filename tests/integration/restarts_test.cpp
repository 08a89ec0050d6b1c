// A coordinator that goes, comes back, or comes late, under everything that talks to it: workers, watchers,
// submissions. Nothing stands between the programs here, so that they meet what they meet in a cluster: refused
// connections, reset ones, handshakes.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

/// The aim is one to three seconds; a busy machine gets more.
constexpr auto kFoundAgain = 12s;

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++times;
  return times;
}

class RestartsTest : public ::testing::Test {
 protected:
  static ClusterTerms direct() {
    return {.lease = "20", .heartbeat = "1", .restart_grace = "20", .through_proxy = false};
  }

  bool worker_said(const std::string& words, std::size_t times = 1) const {
    return wait_until([&] { return times_in(cluster_.worker_log("first"), words) >= times; }, kFoundAgain);
  }

  /// Every trial has its result, from the one attempt that it was given.
  void expect_one_attempt_each(int trials) {
    ASSERT_TRUE(cluster_.all_succeed());
    cluster_.stop();
    const auto ends = outcomes(cluster_.database());
    EXPECT_EQ(ends.size(), static_cast<std::size_t>(trials));
    for (const auto& [trial, attempts] : ends) {
      EXPECT_EQ(attempts, std::vector<std::string>{"succeeded"}) << "trial " << trial << "\n"
                                                                 << cluster_.worker_log("first");
    }
  }

  TemporaryFolder folder_;
  Cluster cluster_{folder_.path(), R"({"default": [{"do": "normal", "step_millis": 250}]})", direct()};
};

TEST_F(RestartsTest, WorkerAndWatcherFindItAgainAfterAKillAndAfterAStop) {
  cluster_.start_with(faults_sweep(4));
  Process watcher({program("oodml"), "watch", "faults", "--wait"},
                  {.environment = cluster_.environment(), .output = folder_ / "watch.log"});
  ASSERT_TRUE(wait_until([&] { return cluster_.trials()[0].has_recall; }));
  cluster_.kill_coordinator();
  ASSERT_TRUE(worker_said("coordinator does not answer"));
  cluster_.start_coordinator();
  EXPECT_TRUE(worker_said("coordinator answers again")) << cluster_.worker_log("first");

  cluster_.stop_coordinator();
  ASSERT_TRUE(worker_said("coordinator does not answer", 2));
  cluster_.start_coordinator();
  EXPECT_TRUE(worker_said("coordinator answers again", 2)) << cluster_.worker_log("first");

  ASSERT_TRUE(cluster_.all_succeed());
  EXPECT_EQ(watcher.wait(kFoundAgain), 0) << read_text(folder_ / "watch.log");
  EXPECT_GE(times_in(read_text(folder_ / "watch.log"), "lost, trying again"), 1u) << read_text(folder_ / "watch.log");
  EXPECT_EQ(cluster_.worker_log("first").find(" error "), std::string::npos) << "nothing was wrong:\n"
                                                                             << cluster_.worker_log("first");
  expect_one_attempt_each(4);
}

TEST_F(RestartsTest, WorkerThatWasStartedFirstFindsItsCoordinator) {
  cluster_.start_worker("first");
  ASSERT_TRUE(worker_said("Connection refused")) << cluster_.worker_log("first");
  cluster_.start_coordinator();
  EXPECT_TRUE(worker_said("registered worker=first")) << cluster_.worker_log("first");
  cluster_.submit(faults_sweep(1));
  expect_one_attempt_each(1);
}

TEST_F(RestartsTest, CommandsSaySoonThatNobodyIsThereAndWorkOnceSomebodyIs) {
  for (const char* command : {"watch", "show"}) {
    const auto start = std::chrono::steady_clock::now();
    const Output nobody = cluster_.oodml({command, "faults"});
    EXPECT_LT(std::chrono::steady_clock::now() - start, kFoundAgain);
    EXPECT_EQ(nobody.exit_code, 7);
    EXPECT_EQ(nobody.err.find("oodml: no coordinator at " + cluster_.address() + ": start one with oodml-coordinator"),
              0u)
        << nobody.err;
  }
  cluster_.start_with(faults_sweep(1));
  expect_one_attempt_each(1);
}

TEST_F(RestartsTest, ResultOfAnAbsenceIsDeliveredSoonAfterIt) {
  cluster_.start_with(faults_sweep(1));
  ASSERT_TRUE(wait_until([&] { return cluster_.trials()[0].has_recall; }));
  cluster_.kill_coordinator();
  ASSERT_TRUE(wait_until([&] { return cluster_.trials_of("first").empty(); })) << "the trial should go on to its end";
  cluster_.start_coordinator();
  EXPECT_TRUE(wait_until([&] { return cluster_.count({"succeeded"}) == 1; }, 2 * kFoundAgain))
      << cluster_.worker_log("first");
  expect_one_attempt_each(1);
}

/// What only TLS has.
class TlsRestartsTest : public RestartsTest {
 protected:
  void SetUp() override {
    if (!Security::wanted()) GTEST_SKIP() << "in the clear";
  }
};

TEST_F(TlsRestartsTest, RenewedCertificateChangesNothingForAnybody) {
  cluster_.start_with(faults_sweep(3));
  Process watcher({program("oodml"), "watch", "faults", "--wait"}, {.environment = cluster_.environment()});
  ASSERT_TRUE(wait_until([&] { return cluster_.trials()[0].has_recall; }));
  cluster_.stop_coordinator();
  cluster_.security().renew();
  cluster_.start_coordinator();
  EXPECT_TRUE(worker_said("registered worker=first", 2)) << cluster_.worker_log("first");
  ASSERT_TRUE(cluster_.all_succeed());
  EXPECT_EQ(watcher.wait(kFoundAgain), 0);
  expect_one_attempt_each(3);
}

TEST_F(TlsRestartsTest, CertificateAuthorityAndTokensAreRenewedWithoutARestart) {
  const auto coordinator_said = [&](const std::string& words, std::size_t times = 1) {
    return wait_until([&] { return times_in(cluster_.coordinator_log(), words) >= times; }, kFoundAgain);
  };
  cluster_.start_with(faults_sweep(9));
  ASSERT_TRUE(wait_until([&] { return cluster_.trials()[0].has_recall; }));
  cluster_.security().renew();
  ASSERT_TRUE(coordinator_said("certificate read again")) << cluster_.coordinator_log();
  EXPECT_EQ(cluster_.oodml({"workers"}).exit_code, 0);

  write_text(folder_ / "security" / "server.crt", "half a certif");
  ASSERT_TRUE(coordinator_said("the old certificate stays")) << cluster_.coordinator_log();
  EXPECT_EQ(cluster_.oodml({"workers"}).exit_code, 0) << "the one of before is shown";

  cluster_.security().replace_authority();
  ASSERT_TRUE(coordinator_said("certificate read again", 2)) << cluster_.coordinator_log();
  EXPECT_EQ(cluster_.oodml({"workers"}).exit_code, 7) << "which nobody trusts yet";
  cluster_.security().trust_authority();
  EXPECT_TRUE(worker_said("the authorities of --tls-ca were renewed")) << cluster_.worker_log("first");
  EXPECT_EQ(cluster_.oodml({"workers"}).exit_code, 0);

  cluster_.security().replace_worker_token("another-worker-0123456789");
  EXPECT_TRUE(worker_said("the token was read again")) << cluster_.worker_log("first");
  ASSERT_TRUE(coordinator_said("tokens read again"));
  cluster_.security().forget_old_worker_token();
  ASSERT_TRUE(coordinator_said("tokens read again", 2));
  expect_one_attempt_each(9);
}

TEST_F(TlsRestartsTest, WrongAuthorityAndWrongHostNameAreSaidAndMendedByTheNextStart) {
  cluster_.security().renew("DNS:elsewhere.example");
  cluster_.start_coordinator();
  cluster_.start_worker("first");
  ASSERT_TRUE(
      worker_said("127.0.0.1 is not in peer certificate; its certificate has to be signed by what --tls-ca holds"))
      << cluster_.worker_log("first");
  const Output refused = cluster_.oodml({"workers"});
  EXPECT_EQ(refused.exit_code, 7);
  EXPECT_EQ(refused.err.find("oodml: no coordinator at " + cluster_.address() +
                             " that speaks TLS and is signed by the --tls-ca file"),
            0u)
      << refused.err;

  cluster_.stop_coordinator();
  cluster_.security().renew();
  cluster_.start_coordinator();
  ASSERT_TRUE(worker_said("registered worker=first")) << cluster_.worker_log("first");
  cluster_.submit(faults_sweep(9));
  Process watcher({program("oodml"), "watch", "faults"},
                  {.environment = cluster_.environment(), .output = folder_ / "watch.log"});
  ASSERT_TRUE(wait_until([&] { return !read_text(folder_ / "watch.log").empty(); }));

  cluster_.stop_coordinator();
  cluster_.security().replace_authority();
  cluster_.start_coordinator();
  EXPECT_TRUE(
      wait_until([&] { return times_in(read_text(folder_ / "watch.log"), "certificate verify failed") > 0; }, 30s))
      << read_text(folder_ / "watch.log");
  EXPECT_TRUE(wait_until([&] { return times_in(cluster_.worker_log("first"), "certificate verify failed") > 0; }, 30s))
      << cluster_.worker_log("first");

  cluster_.security().trust_authority();
  EXPECT_TRUE(worker_said("the authorities of --tls-ca were renewed")) << cluster_.worker_log("first");
  EXPECT_TRUE(worker_said("registered worker=first", 2)) << cluster_.worker_log("first");
  EXPECT_EQ(cluster_.oodml({"workers"}).exit_code, 0);
}

}  // namespace
}  // namespace oodml::testing
