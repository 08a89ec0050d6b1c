// People and workers that want different things at the same moment.

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>

#include "core/base/ids.h"
#include "tests/integration/history/check.h"
#include "tests/integration/recorded_cluster.h"
#include "tests/integration/scripted_sweep.h"
#include "tests/integration/stub_worker.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

class CancelAgainstFinishTest : public ::testing::Test {
 protected:
  static constexpr int kTrials = 120;

  explicit CancelAgainstFinishTest(std::vector<std::string> words = {})
      : coordinator_(folder_.path(), std::move(words)), worker_(coordinator_, "racer", kTrials) {
    v1::SubmitRequest request;
    request.mutable_sweep()->set_yaml(scripted_sweep("race", kTrials));
    request.set_request_id("race");
    v1::SubmitReply reply;
    EXPECT_TRUE(coordinator_.sweeps().Submit(Call(), request, &reply).ok());
    for (int slot = 0; slot < kTrials; ++slot) {
      leases_.push_back(worker_.acquire(slot).value());
      EXPECT_TRUE(worker_.push(leases_.back(), 1, 3).ok());
    }
  }

  v1::StateCounts counts() {
    v1::ListReply reply;
    EXPECT_TRUE(coordinator_.sweeps().List(Call(), {}, &reply).ok());
    return reply.sweeps_size() == 0 ? v1::StateCounts() : reply.sweeps(0).counts();
  }

  std::int64_t cancel(const v1::Lease& lease) {
    v1::ChangeRequest request;
    request.mutable_sweep()->set_name("race");
    request.add_trial_ids(lease.trial_id());
    request.set_request_id(random_hex_128());
    v1::ChangeReply reply;
    EXPECT_TRUE(coordinator_.sweeps().Cancel(Call(), request, &reply).ok());
    return reply.changed();
  }

  struct Race {
    grpc::Status finish;
    std::int64_t cancelled = 0;
    std::string state;
  };
  /// Both at once, a little apart.
  Race race(const v1::Lease& lease, std::mt19937& random) {
    Race race;
    const microseconds lead(std::uniform_int_distribution(-1500, 1500)(random));
    std::jthread other([&] {
      if (lead.count() > 0) std::this_thread::sleep_for(lead);
      race.cancelled = cancel(lease);
    });
    if (lead.count() < 0) std::this_thread::sleep_for(-lead);
    race.finish = worker_.finish(lease, "succeeded", 3);
    other.join();
    v1::GetTrialRequest request;
    request.set_trial_id(lease.trial_id());
    v1::GetTrialReply reply;
    EXPECT_TRUE(coordinator_.sweeps().GetTrial(Call(), request, &reply).ok());
    race.state = reply.trial().state();
    EXPECT_EQ(reply.attempts(0).outcome() == "succeeded", race.state == "succeeded") << "trial " << lease.trial_id();
    return race;
  }

  /// What all tables say of how many results there are.
  void expect_results(int succeeded) {
    EXPECT_EQ(counts().succeeded(), succeeded);
    EXPECT_EQ(counts().succeeded() + counts().cancelled(), kTrials);
    v1::QueryResultsRequest request;
    request.mutable_sweep()->set_name("race");
    v1::QueryResultsReply reply;
    EXPECT_TRUE(coordinator_.sweeps().QueryResults(Call(), request, &reply).ok());
    EXPECT_EQ(reply.n(), succeeded);
    coordinator_.process().signal(SIGTERM);
    EXPECT_EQ(coordinator_.process().wait(), 0);
    EXPECT_EQ(number_of(coordinator_.database(), "SELECT count(*) FROM trial_results"), succeeded);
    for (const std::string& finding : history::check_counts(history::read_final_state(coordinator_.database())))
      ADD_FAILURE() << finding;
  }

  TemporaryFolder folder_;
  CoordinatorProcess coordinator_;
  StubWorker worker_;
  std::vector<v1::Lease> leases_;
};

TEST_F(CancelAgainstFinishTest, AResultOfARunningTrialCountsWhateverCameFirst) {
  std::mt19937 random(11);
  int late_cancels = 0;
  for (const v1::Lease& lease : leases_) {
    const Race both = race(lease, random);
    EXPECT_TRUE(both.finish.ok()) << both.finish.error_message();
    EXPECT_EQ(both.state, "succeeded");
    late_cancels += both.cancelled == 0 ? 1 : 0;
  }
  EXPECT_GT(late_cancels, 0) << "the cancel was always first: no race";
  EXPECT_LT(late_cancels, kTrials) << "the result was always first: no race";
  expect_results(kTrials);
}

class CancelAgainstLateFinishTest : public CancelAgainstFinishTest {
 protected:
  CancelAgainstLateFinishTest() : CancelAgainstFinishTest({"--lease-seconds", "2", "--heartbeat-seconds", "1"}) {}
};

TEST_F(CancelAgainstLateFinishTest, ExactlyOneOfALateResultAndACancelWins) {
  ASSERT_TRUE(wait_until([&] { return counts().backoff() == kTrials; })) << "the leases did not run out";
  std::mt19937 random(12);
  int succeeded = 0;
  for (const v1::Lease& lease : leases_) {
    const Race both = race(lease, random);
    const bool result = both.state == "succeeded";
    succeeded += result ? 1 : 0;
    EXPECT_EQ(both.state, result ? "succeeded" : "cancelled");
    EXPECT_EQ(both.finish.ok(), result) << both.finish.error_message();
    EXPECT_EQ(both.finish.error_code(), result ? grpc::StatusCode::OK : grpc::StatusCode::ABORTED);
    EXPECT_EQ(both.cancelled, result ? 0 : 1) << "trial " << lease.trial_id();
  }
  EXPECT_GT(succeeded, 0);
  EXPECT_LT(succeeded, kTrials);
  expect_results(succeeded);
}

class StormTest : public ::testing::Test {
 protected:
  using People = RecordedCluster::People;
  using Change = grpc::Status (People::*)(grpc::ClientContext*, const v1::ChangeRequest&, v1::ChangeReply*);
  static constexpr int kSeeds = 12;

  static void change(RecordedCluster& cluster, Change kind, std::int64_t sweep,
                     const std::vector<std::int64_t>& trials = {}) {
    v1::ChangeRequest request;
    request.mutable_sweep()->set_sweep_id(sweep);
    for (const std::int64_t trial : trials) request.add_trial_ids(trial);
    request.set_request_id(random_hex_128());
    cluster.ask(kind, request);
  }

  static std::map<std::int64_t, std::string> states(RecordedCluster& cluster, std::int64_t sweep) {
    v1::GetRequest request;
    request.mutable_sweep()->set_sweep_id(sweep);
    std::map<std::int64_t, std::string> states;
    const v1::GetReply reply = cluster.ask(&People::Get, request);
    for (const v1::TrialSummary& trial : reply.trials()) states[trial.trial_id()] = trial.state();
    return states;
  }

  static bool all_in(RecordedCluster& cluster, std::int64_t sweep, const std::set<std::string>& wanted) {
    for (const auto& [trial, state] : states(cluster, sweep)) {
      if (!wanted.contains(state)) return false;
    }
    return true;
  }

  /// One person: now this, now that, for the whole sweep or some of it.
  static void change_at_random(RecordedCluster& cluster, const std::vector<std::int64_t>& sweeps, unsigned seed,
                               std::chrono::steady_clock::time_point until) {
    constexpr Change kKinds[] = {&People::Pause, &People::Resume, &People::Cancel,
                                 &People::Retry, &People::Resume, &People::Retry};
    std::mt19937 random(seed);
    while (std::chrono::steady_clock::now() < until) {
      const std::int64_t sweep = sweeps[random() % sweeps.size()];
      std::vector<std::int64_t> some;
      if (random() % 2 == 0) {
        for (const auto& [trial, state] : states(cluster, sweep)) {
          if (random() % 3 == 0) some.push_back(trial);
        }
      }
      change(cluster, kKinds[random() % std::size(kKinds)], sweep, some);
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 150));
    }
  }

  /// The trials that workers report as theirs, and those that the sweeps call running.
  static void expect_leases_of_what_runs(RecordedCluster& cluster, const std::vector<std::int64_t>& sweeps) {
    const auto of_workers = [&] {
      std::set<std::int64_t> trials;
      const v1::ListWorkersReply reply = cluster.ask(&People::ListWorkers, v1::ListWorkersRequest());
      for (const v1::WorkerSummary& worker : reply.workers()) {
        trials.insert(worker.running_trials().begin(), worker.running_trials().end());
      }
      return trials;
    };
    const auto of_sweeps = [&] {
      std::set<std::int64_t> trials;
      for (const std::int64_t sweep : sweeps) {
        for (const auto& [trial, state] : states(cluster, sweep)) {
          if (state == "running") trials.insert(trial);
        }
      }
      return trials;
    };
    // They are asked for one after the other, while trials begin and end.
    EXPECT_TRUE(wait_until([&] { return of_workers() == of_sweeps(); }, 20s));
  }

  TemporaryFolder folder_;
};

TEST_F(StormTest, ManyChangesAtOnceLeaveWhatTheLastOnesAskedFor) {
  RecordedCluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 100}]})");
  cluster.start_coordinator();
  const std::vector<std::int64_t> sweeps = {cluster.submit("runs", kSeeds, 0), cluster.submit("pauses", kSeeds, kSeeds),
                                            cluster.submit("goes", kSeeds, 2 * kSeeds)};
  // Half of the first two are wanted by a fourth as well, which nobody touches before the end.
  const std::int64_t shared = cluster.submit("shares", kSeeds, kSeeds / 2);
  for (const char* name : {"first", "second", "third"}) cluster.start_worker(name, 2);
  {
    const auto until = std::chrono::steady_clock::now() + 12s;
    std::vector<std::jthread> people;
    for (unsigned person = 0; person < 4; ++person) {
      people.emplace_back([&, person] { change_at_random(cluster, sweeps, 20261129 + person, until); });
    }
  }
  change(cluster, &People::Retry, sweeps[0]);
  change(cluster, &People::Resume, sweeps[0]);
  change(cluster, &People::Cancel, shared);
  change(cluster, &People::Pause, sweeps[1]);
  change(cluster, &People::Cancel, sweeps[2]);
  expect_leases_of_what_runs(cluster, sweeps);

  EXPECT_TRUE(wait_until([&] { return all_in(cluster, sweeps[0], {"succeeded"}); }, 90s))
      << cluster.cluster().coordinator_log();
  EXPECT_TRUE(wait_until([&] { return all_in(cluster, sweeps[1], {"paused", "succeeded", "cancelled"}); }));
  EXPECT_TRUE(wait_until([&] { return all_in(cluster, sweeps[2], {"cancelled", "succeeded"}); }));
  EXPECT_TRUE(wait_until([&] { return cluster.counts().running() == 0; }));
  for (const char* name : {"first", "second", "third"}) {
    EXPECT_TRUE(wait_until([&] { return cluster.cluster().trials_of(name).empty(); })) << "a trial without a lease";
  }

  // Nothing is stuck: what was let go can be had again.
  change(cluster, &People::Resume, sweeps[1]);
  for (const std::int64_t sweep : sweeps) change(cluster, &People::Retry, sweep);
  for (const std::int64_t sweep : sweeps) {
    EXPECT_TRUE(wait_until([&] { return all_in(cluster, sweep, {"succeeded"}); }, 90s)) << "sweep " << sweep;
  }
  cluster.cluster().stop();
  const auto end = history::read_final_state(cluster.cluster().database());
  for (const std::string& finding : history::check_history(cluster.history(), end, 3s)) ADD_FAILURE() << finding;
}

}  // namespace
}  // namespace oodml::testing
