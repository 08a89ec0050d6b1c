// What /metrics says of a real store and service.
#include "coordinator/metrics/exposition.h"

#include "tests/coordinator/service_fixture.h"
#include "tests/support/prometheus_text.h"

namespace oodml::coordinator::metrics {
namespace {

using job::Outcome;
using oodml::testing::PrometheusText;
using testing::TestSweep;
using namespace std::chrono_literals;

class ExpositionTest : public testing::ServiceTest {
 protected:
  ExpositionTest() {
    service.reset();
    auto opened = open_service({.database = database,
                                .artifacts = {.limits = {.room = {.reserve_mib = 0}}},
                                .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); },
                                .committed = [this](const store::Commit& commit) { counters.committed(commit); },
                                .listener = &counters},
                               clock, testing::plan_test_sweep);
    if (!opened) throw std::runtime_error(opened.error().text());
    service = *std::move(opened);
  }
  ~ExpositionTest() override { service.reset(); }  // it tells the counters to its end

  std::string text() {
    clock.advance(1s);  // what is counted is counted anew
    return exposition.text();
  }

  Counters counters;
  Exposition exposition{counters, [this] { return service->census(); }, clock};
};

TEST_F(ExpositionTest, AKnownHistoryIsCountedExactly) {
  submit(TestSweep{.seeds = {0, 1, 2}});
  connect("a", 2);
  const job::Lease first = acquire("a", "cpu:0").lease;
  const job::Lease second = acquire("a", "cpu:1").lease;
  ASSERT_TRUE(push("a", first, 1, {job::Hello{}, testing::metric(1, "nmi", 0.5)}));
  PrometheusText now(text());
  EXPECT_EQ(now["oodml_trials{state=\"running\"}"], 2);
  EXPECT_EQ(now["oodml_trials{state=\"queued\"}"], 1);
  EXPECT_EQ(now["oodml_workers{state=\"ready\"}"], 1);
  EXPECT_EQ(now["oodml_slots"], 2);
  EXPECT_EQ(now["oodml_slots_busy"], 2);
  EXPECT_EQ(now["oodml_slots_set_aside"], 0);

  ASSERT_TRUE(finish(first, Outcome::kSucceeded, 2, "once").ok());
  ASSERT_TRUE(finish(first, Outcome::kSucceeded, 2, "once").ok()) << "asked again, it is told once more";
  advance(121s);
  now = PrometheusText(text());
  EXPECT_EQ(now["oodml_leases_granted_total"], 2);
  EXPECT_EQ(now["oodml_leases_expired_total"], 1);
  EXPECT_EQ(now["oodml_attempts_ended_total{outcome=\"succeeded\"}"], 1);
  EXPECT_EQ(now["oodml_attempts_ended_total{outcome=\"lost\"}"], 1);
  EXPECT_EQ(now["oodml_attempts_ended_total{outcome=\"numeric\"}"], 0) << "every outcome is there from the beginning";
  EXPECT_EQ(now["oodml_events_stored_total"], 2);
  EXPECT_EQ(now["oodml_trials{state=\"succeeded\"}"], 1);
  EXPECT_EQ(now["oodml_trials{state=\"backoff\"}"], 1);
  EXPECT_EQ(now["oodml_trials{state=\"running\"}"], 0);
  EXPECT_EQ(now["oodml_sweeps{state=\"running\"}"], 1);
  EXPECT_EQ(now["oodml_sweeps{state=\"archived\"}"], 0);
  EXPECT_EQ(now["oodml_workers{state=\"lost\"}"], 1);
  EXPECT_EQ(now["oodml_slots"], 0) << "of workers that answer";
  EXPECT_EQ(now["oodml_writer_waiting"], 0);
  EXPECT_EQ(now["oodml_database_up"], 1);
  EXPECT_GT(now["oodml_database_bytes"], 0);
  EXPECT_GT(now["oodml_commit_seconds_count"], 0);
  EXPECT_EQ(now["oodml_commit_commands_count"], now["oodml_commit_seconds_count"]);

  // The lost attempt goes on after all, and ends: once more, and only once.
  connect("a", 2);
  ASSERT_TRUE(finish(second, Outcome::kNumeric, 0, "late").ok());
  ASSERT_TRUE(finish(second, Outcome::kNumeric, 0, "late").ok());
  now = PrometheusText(text());
  EXPECT_EQ(now["oodml_attempts_ended_total{outcome=\"numeric\"}"], 1);
  EXPECT_EQ(now["oodml_trials{state=\"failed\"}"], 1);
}

TEST_F(ExpositionTest, EveryLineIsAsPrometheusWantsIt) {
  counters.call_ended("SweepService.List", StatusCode::kOk, 3ms);
  counters.call_ended("SweepService.List", StatusCode::kUnauthenticated, 1ms);
  counters.call_ended("WorkerService.Acquire", StatusCode::kOk, 20s);
  const PrometheusText now(text());
  EXPECT_EQ(now.problems(), std::vector<std::string>());
  EXPECT_EQ(now["oodml_rpc_calls_total{code=\"ok\",method=\"SweepService.List\"}"], 1);
  EXPECT_EQ(now["oodml_rpc_calls_total{code=\"unauthenticated\",method=\"SweepService.List\"}"], 1);
  EXPECT_EQ(now["oodml_rpc_seconds_count{method=\"SweepService.List\"}"], 2);
  EXPECT_EQ(now["oodml_rpc_seconds_bucket{method=\"WorkerService.Acquire\",le=\"30\"}"], 1);
  for (const char* name : {"process_resident_memory_bytes", "process_open_fds", "process_max_fds", "process_threads",
                           "process_start_time_seconds"}) {
    EXPECT_GT(now[name], 0) << name;
  }
  EXPECT_GE(now["process_cpu_seconds_total"], 0);
}

TEST_F(ExpositionTest, WatchersAreCountedWhileTheyWatch) {
  const SweepId sweep = submit({}).sweep;
  auto watcher = *sweeps().watch({.id = sweep}, {}, [](const WatchItem&) {});
  EXPECT_EQ(PrometheusText(text())["oodml_watchers"], 1);
  watcher.reset();
  EXPECT_EQ(PrometheusText(text())["oodml_watchers"], 0);
}

TEST(ExpositionCacheTest, HoweverManyAskThereIsOneCensusASecondAndNeverMoreThanATwentiethOfTheTime) {
  oodml::testing::FakeClock clock;
  const Counters counters;
  int taken = 0;
  Duration takes = 0ms;
  Exposition exposition(
      counters,
      [&]() -> Result<Census> {
        ++taken;
        clock.advance(takes);
        return Census();
      },
      clock);
  exposition.text();
  exposition.text();
  EXPECT_EQ(taken, 1);
  clock.advance(1s);
  takes = 400ms;
  exposition.text();
  EXPECT_EQ(taken, 2);
  clock.advance(7999ms);
  exposition.text();
  EXPECT_EQ(taken, 2) << "it took 400 ms: twenty times that is kept free";
  clock.advance(1ms);
  exposition.text();
  EXPECT_EQ(taken, 3);
}

TEST(ExpositionCacheTest, ADatabaseThatDoesNotAnswerIsSaidAndLeavesTheRest) {
  const oodml::testing::FakeClock clock;
  const Counters counters;
  Exposition exposition(counters, []() -> Result<Census> { return failure(StatusCode::kUnavailable, "busy"); }, clock);
  const PrometheusText now(exposition.text());
  EXPECT_EQ(now["oodml_database_up"], 0);
  EXPECT_FALSE(now.has("oodml_trials{state=\"queued\"}"));
  EXPECT_EQ(now["oodml_leases_granted_total"], 0);
}

}  // namespace
}  // namespace oodml::coordinator::metrics
