// What is known of workers, and why trials wait for them.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class WorkersTest : public ServiceTest {};

TEST_F(WorkersTest, AQueuedTrialSaysWhyItWaits) {
  const auto reason = [&](std::int64_t id) { return trial({id}).waiting_for; };
  submit({});
  EXPECT_EQ(reason(1), "no worker is connected");
  connect("a");
  EXPECT_EQ(reason(1), "slot cpu:0 of a to ask for it");
  submit({.name = "birds", .benchmark = "cub200"});
  EXPECT_EQ(reason(2), "no connected worker can run it: a: no benchmark cub200 on disk (has fashion_mnist)");
  acquire("a");
  submit({.name = "more", .seeds = {5}});
  EXPECT_EQ(reason(3), "the only slot that can run it is busy");
  connect("b");
  EXPECT_EQ(reason(2),
            "no connected worker can run it: a and 1 other: no benchmark cub200 on disk (has fashion_mnist)");
  change(SweepChange::kPause, {3});
  EXPECT_EQ(reason(3), "paused");
  advance(121s);
  EXPECT_EQ(reason(2), "no worker is connected");
}

TEST_F(WorkersTest, WorkersAreShownWithWhatTheyRun) {
  submit({});
  connect("b");
  connect("a");
  const job::Lease lease = acquire("a").lease;
  auto workers = *sweeps().workers();
  ASSERT_EQ(workers.size(), 2u);
  EXPECT_EQ(workers[0].info, worker_info("a"));
  EXPECT_EQ(workers[0].state, "ready");
  EXPECT_EQ(workers[0].running, std::vector<TrialId>{lease.trial});
  EXPECT_TRUE(workers[1].running.empty());
  connect("b", 0);
  EXPECT_EQ(sweeps().workers()->at(1).state, "draining");
  advance(121s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "lost");
}

TEST_F(WorkersTest, AWorkerThatLeftIsShownSoAtOnceAndNoTrialWaitsForIt) {
  connect("a");
  connect("b");
  submit({.benchmark = "cub200"});
  leases().leave({"a"});
  EXPECT_EQ(sweeps().workers()->at(0).state, "left");
  EXPECT_FALSE(sweeps().workers()->at(0).connected);
  EXPECT_EQ(trial({1}).waiting_for,
            "no connected worker can run it: b: no benchmark cub200 on disk (has fashion_mnist)");
  leases().leave({"b"});
  EXPECT_EQ(trial({1}).waiting_for, "no worker is connected");
  EXPECT_EQ(leases().heartbeat({"a"}, {}).error().code(), StatusCode::kNotFound) << "it has to register again";
  connect("a");
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
  leases().leave({"nobody"});
}

TEST_F(WorkersTest, AWorkerThatMissedThreeHeartbeatsIsNotAnswering) {
  connect("a");
  connect("b");
  submit({.benchmark = "cub200"});
  advance(25s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
  ASSERT_TRUE(leases().heartbeat({"b"}, {}).has_value());
  advance(6s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "not answering");
  EXPECT_EQ(sweeps().workers()->at(1).state, "ready");
  EXPECT_EQ(trial({1}).waiting_for,
            "no connected worker can run it: b: no benchmark cub200 on disk (has fashion_mnist)");
  ASSERT_TRUE(leases().heartbeat({"a"}, {}).has_value());
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
}

TEST_F(WorkersTest, AHostileAnnouncementIsRefused) {
  const auto code = [&](job::WorkerInfo info) {
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    auto result = answer.get();
    return result ? StatusCode::kOk : result.error().code();
  };
  job::WorkerInfo twice = worker_info("a", 2);
  twice.slots[1].name = twice.slots[0].name;
  EXPECT_EQ(code(twice), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info("")), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info(std::string(1000, 'x'))), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info("many", 5000)), StatusCode::kInvalidArgument);
  connect("a");
  EXPECT_EQ(ask("a", std::string(1000, 'r')).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::coordinator::testing
