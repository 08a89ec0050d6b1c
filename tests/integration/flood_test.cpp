// Who says too much does harm to nobody else.

#include "tests/integration/flood.h"

#include <gtest/gtest.h>

#include <list>
#include <thread>

#include "tests/integration/cluster.h"
#include "tests/integration/database_rows.h"
#include "tests/integration/process_status.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 8s;  // of a worker whose deadline is 10 s

class FloodTest : public ::testing::Test {
 protected:
  static void submit(CoordinatorProcess& coordinator, const std::string& name, int seeds, int first_seed) {
    v1::SubmitRequest request;
    request.mutable_sweep()->set_yaml(scripted_sweep(name, seeds, first_seed));
    request.set_request_id(name);
    v1::SubmitReply reply;
    const grpc::Status status = coordinator.sweeps().Submit(Call(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  /// How long it took, which has to go well.
  template <typename Ask>
  static std::chrono::milliseconds time_of(Ask ask) {
    const auto start = Clock::now();
    const grpc::Status status = ask();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  }

  TemporaryFolder folder_;
};

TEST_F(FloodTest, AWorkerThatPushesWithoutEndIsRefusedWithAHintWhileOthersAreServed) {
  constexpr int kFloods = 4, kBatch = 8'000, kUnderWay = 16;
  CoordinatorProcess coordinator(folder_.path());
  submit(coordinator, "flooded", kFloods, 0);
  StubWorker noisy(coordinator, "noisy", kFloods);
  std::list<Flood> floods;
  for (int slot = 0; slot < kFloods; ++slot) {
    const auto lease = noisy.acquire(slot);
    ASSERT_TRUE(lease.has_value());
    floods.emplace_back(coordinator, noisy.id(), *lease, kBatch, kUnderWay);
  }

  StubWorker quiet(coordinator, "quiet", 1);
  std::chrono::milliseconds heartbeat{0}, push{0}, finish{0}, submission{0};
  const auto start = Clock::now(), end = start + 8s;
  for (int round = 0; Clock::now() < end; ++round) {
    submission = std::max(submission, time_of([&] {
                            submit(coordinator, "quiet-" + std::to_string(round), 1, 100 + round);
                            return grpc::Status::OK;
                          }));
    const auto lease = quiet.acquire(0, 10s);
    ASSERT_TRUE(lease.has_value());
    v1::HeartbeatReply reply;
    heartbeat = std::max(heartbeat, time_of([&] { return quiet.heartbeat({*lease}, &reply); }));
    push = std::max(push, time_of([&] { return quiet.push(*lease, 1, 10); }));
    finish = std::max(finish, time_of([&] { return quiet.finish(*lease, "succeeded", 10); }));
  }
  EXPECT_LT(heartbeat, 5s);
  EXPECT_LT(push, kPatience);
  EXPECT_LT(finish, kPatience);
  EXPECT_LT(submission, kPatience);

  std::int64_t durable = 0;
  int hints = 0;
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start).count();
  for (Flood& flood : floods) {
    flood.stop();
    durable += flood.durable();
    hints += flood.refused_with_hint();
    EXPECT_EQ(flood.refused_without_hint(), 0);
  }
  EXPECT_GT(hints, 0) << "nothing was refused: the flood was none";
  EXPECT_LE(status_of(coordinator.process().pid()).peak_memory_mib, 700);

  coordinator.process().signal(SIGTERM);
  ASSERT_EQ(coordinator.process().wait(), 0);
  const std::int64_t stored = number_of(
      coordinator.database(), "SELECT count(*) FROM metric_points WHERE trial_id <= " + std::to_string(kFloods));
  EXPECT_GE(stored, durable);
  const auto bytes = std::filesystem::file_size(coordinator.database());
  EXPECT_LT(bytes / static_cast<std::uintmax_t>(stored), 120u) << "bytes of disk for one metric";
  std::cout << "flood: " << stored / took << " metrics a second, " << bytes / static_cast<std::uintmax_t>(stored)
            << " bytes each, heartbeat " << heartbeat.count() << " ms, push " << push.count() << " ms, finish "
            << finish.count() << " ms, submit " << submission.count() << " ms\n";
}

TEST_F(FloodTest, BatchesAboveTheLimitsAreRefusedWithTheLimit) {
  CoordinatorProcess coordinator(folder_.path());
  submit(coordinator, "large", 1, 0);
  StubWorker worker(coordinator, "large", 1);
  const auto lease = worker.acquire(0);
  ASSERT_TRUE(lease.has_value());
  const grpc::Status many = worker.push(*lease, 1, 30'000);
  EXPECT_EQ(many.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(many.error_message().find("at most 20000"), std::string::npos) << many.error_message();
  const grpc::Status huge = worker.push(*lease, 1, 400'000);
  EXPECT_EQ(huge.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << huge.error_message();
  EXPECT_TRUE(worker.push(*lease, 1, 20'000).ok());
}

TEST_F(FloodTest, ATrialThatFloodsItsPipeHoldsUpNobodyElse) {
  constexpr int kSeeds = 8, kChatter = 60'000;
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 20}],
                                      "seeds": {"0": [{"do": "chatter", "count": 60000}]}})");
  Process& first = cluster.start_with(faults_sweep(kSeeds));
  cluster.start_worker("second");
  EXPECT_TRUE(cluster.all_succeed());
  EXPECT_LE(status_of(first.pid()).peak_memory_mib, 300);
  cluster.stop();
  for (const auto& [trial, ends] : outcomes(cluster.database())) {
    EXPECT_EQ(ends, std::vector<std::string>{"succeeded"}) << "trial " << trial << ": its lease ran out";
  }
  EXPECT_EQ(cluster.metric_points(), kSeeds * kMetricsOfATrial + kChatter);
}

}  // namespace
}  // namespace oodml::testing
