// What workers report of the trials they hold: events, checkpoints, ends.

#include <cmath>
#include <limits>

#include "core/job/limits.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

class LeaseReportsTest : public ServiceTest {};

TEST_F(LeaseReportsTest, EventsAreStoredOnceAndGapsAreRefused) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(*push("a", lease, 1, {job::Hello{.device = "cpu", .pid = 4}, metric(1, "e_recall@1", 0.25)}), 2);
  EXPECT_EQ(*push("a", lease, 1,
                  {job::Hello{.device = "cpu", .pid = 4}, metric(1, "e_recall@1", 0.25), metric(2, "nmi", nan)}),
            3);
  EXPECT_EQ(*push("a", lease, 1, {job::Hello{}}), 3);
  const auto gap = push("a", lease, 5, {job::Done{.epochs = 2}});
  EXPECT_EQ(gap.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(gap.error().message().find("event 4"), std::string::npos) << gap.error().message();
  EXPECT_EQ(push("a", lease, 4, {metric(1, std::string(300, 'n'), 0)}).error().code(), StatusCode::kInvalidArgument);
  job::Lease other = lease;
  other.attempt = 9;
  EXPECT_EQ(push("a", other, 4, {job::Done{}}).error().code(), StatusCode::kInvalidArgument);

  const TrialDetail detail = *sweeps().get_trial(lease.trial, 0, 100);
  ASSERT_EQ(detail.events.size(), 3u);
  EXPECT_EQ(detail.events[0].body, job::EventBody(job::Hello{.device = "cpu", .pid = 4}));
  EXPECT_EQ(detail.events[1].body, job::EventBody(metric(1, "e_recall@1", 0.25)));
  EXPECT_TRUE(std::isnan(std::get<job::Metric>(detail.events[2].body).value));
  ASSERT_EQ(detail.metrics.size(), 2u);
  EXPECT_TRUE(std::isnan(detail.metrics[1].value));
  EXPECT_EQ(detail.trial.newest_recall->value, 0.25);
  EXPECT_EQ(sweeps().get_trial(lease.trial, 2, 1)->events.size(), 1u) << "two events seen, one asked for";
}

TEST_F(LeaseReportsTest, EveryKindOfEventReadsBackAsItWas) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const std::vector<job::EventBody> bodies = {job::Hello{.version = 1, .device = "cuda:1", .pid = 77},
                                              metric(0, "e_recall@1", std::numeric_limits<double>::infinity()),
                                              job::Checkpoint{.epoch = 3, .path = "checkpoints/0003", .sha256 = "ab"},
                                              job::Warning{.message = "\"quoted\"\nand 2 lines"},
                                              job::Stopped{.epoch = 3, .step = 12},
                                              job::Failed{.kind = "numeric", .message = "NaN"},
                                              job::Done{.epochs = 4}};
  ASSERT_TRUE(push("a", lease, 1, bodies));
  const TrialDetail detail = *sweeps().get_trial(lease.trial, 0, 100);
  ASSERT_EQ(detail.events.size(), bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(detail.events[i].body, bodies[i]) << i;
}

TEST_F(LeaseReportsTest, ProgressCountsAsDurableButOnlyTheNewestIsKept) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_EQ(*push("a", lease, 1, {job::Progress{.epoch = 1, .step = 10}, job::Progress{.epoch = 1, .step = 20}}), 2);
  EXPECT_EQ(trial(lease.trial).progress->step, 20);
  EXPECT_TRUE(sweeps().get_trial(lease.trial, 0, 100)->events.empty());
  restart();
  EXPECT_EQ(*push("a", lease, 3, {job::Done{}}), 3);
}

TEST_F(LeaseReportsTest, AnAttemptEndsOnlyAfterItsEvents) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {job::Hello{}}));
  const Status early = finish(lease, Outcome::kSucceeded, 2);
  EXPECT_EQ(early.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(early.message().find("only those up to 1"), std::string::npos) << early.message();
  ASSERT_TRUE(push("a", lease, 2, {job::Done{}}));
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 2).ok());
  EXPECT_EQ(*push("a", lease, 2, {job::Done{}}), 2) << "a repeat is harmless";
  EXPECT_EQ(push("a", lease, 3, {job::Done{}}).error().code(), StatusCode::kAborted);
}

TEST_F(LeaseReportsTest, ItsLastEventsMayComeWithAnEndAndBecomeDurableWithIt) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {job::Hello{}}));
  const auto event = [&](std::int64_t sequence, job::EventBody body) {
    return job::Event{lease.trial, lease.attempt, sequence, clock.now(), std::move(body)};
  };
  const auto end = [&](std::vector<job::Event> events) {
    Answer<std::monostate> answer;
    leases().finish(lease, {.request_id = "end", .message = "", .last_sequence = 3, .events = std::move(events)},
                    answer.reply());
    return detail::status_of(answer.get());
  };
  EXPECT_EQ(end({event(3, job::Done{})}).code(), StatusCode::kFailedPrecondition) << "2 is missing";
  job::Event other = event(2, job::Done{});
  other.attempt = 2;
  EXPECT_EQ(end({other}).code(), StatusCode::kInvalidArgument);
  const std::vector<job::Event> rest = {event(1, job::Hello{}), event(2, metric(1, "nmi", 0.5)),
                                        event(3, job::Done{1})};
  ASSERT_TRUE(end(rest).ok()) << "one that is there already is a repeat";
  ASSERT_TRUE(end(rest).ok());
  EXPECT_EQ(trial(lease.trial).state, TrialState::kSucceeded);
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 100)->events.size(), 3u);
}

TEST_F(LeaseReportsTest, EventsOfAnEndWaitForTheDiskWithinTheSameBoundsAsOthers) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const auto end = [&] {
    const std::string message(job::kMaxMessageBytes, 'm');
    std::vector<job::Event> events;
    for (std::int64_t sequence = 1; sequence <= 600; ++sequence)
      events.push_back({lease.trial, lease.attempt, sequence, clock.now(), job::Warning{message}});
    return AttemptEnd{.request_id = "end", .message = "", .last_sequence = 600, .events = std::move(events)};
  };
  std::promise<void> disk;
  leases().commit_checkpoint(lease, {.epoch = 1, .path = "checkpoints/0001", .sha256 = ""},
                             [held = disk.get_future().share()](const auto&) { held.wait(); });
  Answer<std::monostate> first, second, without;
  leases().finish(lease, end(), first.reply());
  leases().finish(lease, end(), second.reply());
  leases().finish(lease, {.request_id = "end", .message = "", .last_sequence = 600, .events = {}}, without.reply());
  const bool refused_at_once = second.ready();
  disk.set_value();
  ASSERT_TRUE(refused_at_once) << "what waits lies in memory";
  EXPECT_EQ(second.get().error().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(first.get()) << "one batch is taken however large it is";
  EXPECT_TRUE(without.get());
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 600, "end").ok()) << "there is room again";
}

TEST_F(LeaseReportsTest, AnAttemptOnOtherDataShowsNothingOfTheRunBeforeIt) {
  submit({});
  connect("a");
  const job::Lease first = acquire("a").lease;
  ASSERT_TRUE(push("a", first, 1, {job::Identity{.data = "images of fashion_mnist=1"}, metric(3, "e_recall@1", 0.9)}));
  ASSERT_TRUE(finish(first, Outcome::kPreempted, 2).ok());
  EXPECT_EQ(trial(first.trial).newest_recall->value, 0.9);
  const job::Lease same = acquire("a").lease;
  ASSERT_TRUE(push("a", same, 1, {job::Identity{.data = "images of fashion_mnist=1"}}));
  EXPECT_EQ(trial(first.trial).newest_recall->value, 0.9) << "it goes on";
  ASSERT_TRUE(finish(same, Outcome::kPreempted, 1).ok());
  ASSERT_TRUE(push("a", acquire("a").lease, 1, {job::Identity{.data = "images of fashion_mnist=2"}}));
  EXPECT_TRUE(sweeps().get_trial(first.trial, 0, 100)->metrics.empty()) << "it begins anew";
  EXPECT_FALSE(trial(first.trial).newest_recall);
}

TEST_F(LeaseReportsTest, AFailureThatWouldComeAgainEndsTheTrial) {
  submit({.seeds = {0, 1, 2}});
  connect("a");
  for (const Outcome outcome : {Outcome::kOutOfMemory, Outcome::kNumeric, Outcome::kBadConfiguration}) {
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(finish(lease, outcome, 0, "", "because").ok());
    EXPECT_EQ(trial(lease.trial).state, TrialState::kFailed);
    EXPECT_EQ(trial(lease.trial).message, "because");
    EXPECT_EQ(trial(lease.trial).outcome, job::to_text(outcome));
  }
}

TEST_F(LeaseReportsTest, InfrastructureIsRetriedFiveTimesWithAGrowingPauseAndPreemptionDoesNotCount) {
  submit({});
  connect("a");
  std::vector<Duration> pauses;
  for (int tries = 1; tries <= job::kMaxRetries; ++tries) {
    ASSERT_TRUE(finish(acquire("a").lease, Outcome::kPreempted).ok());
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(finish(lease, Outcome::kInfrastructure).ok());
    ASSERT_EQ(trial(lease.trial).state, TrialState::kBackoff);
    EXPECT_NE(trial(lease.trial).waiting_for.find("backoff until"), std::string::npos);
    pauses.push_back(*trial(lease.trial).not_before - clock.now());
    advance(pauses.back() - 1ms);
    EXPECT_FALSE(ask("a")->has_value());
    advance(1ms);
  }
  for (int i = 0; i < job::kMaxRetries; ++i) {
    EXPECT_GE(pauses[i], 30s * (1 << i));
    EXPECT_LE(pauses[i], 30s * (1 << i) * 5 / 4);
  }
  connect("a");
  const job::Lease last = acquire("a").lease;
  ASSERT_TRUE(finish(last, Outcome::kInfrastructure, 0, "", "disk broke").ok());
  EXPECT_EQ(trial(last.trial).state, TrialState::kFailed);
  EXPECT_EQ(trial(last.trial).message, "given up after 6 tries: disk broke");
}

TEST_F(LeaseReportsTest, ATrialThatCrashedOnThreeWorkersIsSetAside) {
  submit({});
  TrialId poison;
  for (const char* worker : {"a", "b", "b", "c"}) {
    connect(worker);
    const job::Lease lease = acquire(worker).lease;
    poison = lease.trial;
    ASSERT_TRUE(finish(lease, Outcome::kCrashed, 0, "", "signal 11").ok());
    advance(10min);
  }
  EXPECT_EQ(trial(poison).state, TrialState::kFailed);
  EXPECT_EQ(trial(poison).message, "set aside: its process crashed on 3 different workers (a, b, c): signal 11");
  change(SweepChange::kRetry, {1});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kCrashed).ok());
  EXPECT_EQ(trial(poison).state, TrialState::kBackoff) << "a retry by hand forgets the crashes before it";
}

TEST_F(LeaseReportsTest, EarlierAttemptsOnTheSameWorkerAreNamedNewestFirst) {
  submit({});
  for (const char* worker : {"a", "b", "a"}) {
    connect(worker);
    ASSERT_TRUE(finish(acquire(worker).lease, Outcome::kPreempted).ok());
    advance(11s);  // it is not kept any more for the worker that has its checkpoint
  }
  EXPECT_EQ(acquire("a").earlier_attempts, (std::vector<AttemptEpoch>{3, 1}));
}

TEST_F(LeaseReportsTest, ACheckpointNeedsALiveLease) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  Answer<std::monostate> kept, refused;
  leases().commit_checkpoint(lease, {.epoch = 2, .path = "p", .sha256 = "s"}, kept.reply());
  EXPECT_TRUE(kept.get());
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  leases().commit_checkpoint(lease, {.epoch = 3, .path = "p", .sha256 = "s"}, refused.reply());
  EXPECT_EQ(refused.get().error().code(), StatusCode::kAborted);
}

}  // namespace
}  // namespace oodml::coordinator::testing
