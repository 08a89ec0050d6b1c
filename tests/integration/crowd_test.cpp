// Five hundred workers at one coordinator.

#include "tests/integration/crowd.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/integration/coordinator_process.h"
#include "tests/integration/process_status.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kWorkers = 500;
constexpr int kTrials = 400;
constexpr int kMetrics = 20;
constexpr auto kBusyMachine = 30s;  // for so many handshakes and answers on a few cores
constexpr auto kHeartbeatAnswer = 5s;

class CrowdTest : public ::testing::Test {
 protected:
  static void expect_all_done(const CallTimes& times, int calls, std::chrono::milliseconds within, const char* what) {
    EXPECT_TRUE(wait_until([&] { return times.open() == 0; }, 90s)) << what << ": " << times.open() << " are open";
    EXPECT_EQ(times.done(), calls) << what;
    EXPECT_LE(times.longest(), within) << what;
    if (!times.failures().empty()) ADD_FAILURE() << what << ": " << times.failures().front().error_message();
  }

  std::int64_t succeeded(CoordinatorProcess& coordinator) {
    v1::ListReply reply;
    EXPECT_TRUE(coordinator.sweeps().List(Call(), {}, &reply).ok());
    return reply.sweeps_size() == 1 ? reply.sweeps(0).counts().succeeded() : -1;
  }

  TemporaryFolder folder_;
};

TEST_F(CrowdTest, WorkersThatJoinAtOnceAllGetTheirTrialAndAreHeardOf) {
  CoordinatorProcess coordinator(folder_.path());
  v1::SubmitRequest submission;
  submission.mutable_sweep()->set_yaml(scripted_sweep("crowd", kTrials));
  submission.set_request_id("s");
  v1::SubmitReply submitted;
  ASSERT_TRUE(coordinator.sweeps().Submit(Call(), submission, &submitted).ok());
  Crowd crowd(kWorkers, coordinator.address(), coordinator.worker_credentials());

  CallTimes joined, acquired;
  crowd.register_all(joined);
  expect_all_done(joined, kWorkers, kBusyMachine, "Register");
  crowd.acquire_all(12s, acquired);

  // While a hundred of them wait for a trial, all are heard of every second.
  std::vector<std::unique_ptr<CallTimes>> beats;
  for (int beat = 0; beat < 6; ++beat) {
    crowd.heartbeat_all(*beats.emplace_back(std::make_unique<CallTimes>()));
    std::this_thread::sleep_for(1s);
  }
  for (const auto& beat : beats) expect_all_done(*beat, kWorkers, kHeartbeatAnswer, "Heartbeat");
  expect_all_done(acquired, kWorkers, kBusyMachine, "Acquire");
  EXPECT_EQ(crowd.other_directives(), 0);

  std::set<std::int64_t> trials;
  std::set<std::string> leases;
  for (const auto& lease : crowd.leases()) {
    if (!lease) continue;
    trials.insert(lease->trial_id());
    leases.insert(lease->lease_id());
  }
  EXPECT_EQ(trials.size(), static_cast<std::size_t>(kTrials));
  EXPECT_EQ(leases.size(), static_cast<std::size_t>(kTrials));

  CallTimes pushed, finished, beat;
  crowd.push_all(kMetrics, pushed);
  crowd.heartbeat_all(beat);
  expect_all_done(pushed, kTrials, kBusyMachine, "PushEvents");
  expect_all_done(beat, kWorkers, kHeartbeatAnswer, "Heartbeat");
  crowd.finish_all(kMetrics, finished);
  expect_all_done(finished, kTrials, kBusyMachine, "Finish");
  EXPECT_EQ(succeeded(coordinator), kTrials);

  const ProcessStatus status = status_of(coordinator.process().pid());
  EXPECT_LE(status.threads, 64) << "a waiting worker must not hold a thread";
  EXPECT_LE(status.peak_memory_mib, 400);
}

TEST_F(CrowdTest, MoreConnectionsThanALoginShellAllowsFiles) {
  CoordinatorProcess coordinator(folder_.path(), {}, {}, {"/bin/bash", "-c", R"(ulimit -Sn 256 && exec "$0" "$@")"});
  Crowd crowd(300, coordinator.address(), coordinator.worker_credentials());
  CallTimes joined;
  crowd.register_all(joined);
  expect_all_done(joined, 300, kBusyMachine, "Register");
}

}  // namespace
}  // namespace oodml::testing
