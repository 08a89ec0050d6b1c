#include "coordinator/scheduling/trial_queue.h"

#include <gtest/gtest.h>

namespace oodml::coordinator::scheduling {
namespace {

using namespace std::chrono_literals;

std::optional<int> anything(const LineKey&) { return 0; }

LineKey line(const std::string& benchmark, std::set<WorkerId> failed_on = {}) {
  return {.need = {.benchmark = benchmark}, .failed_on = std::move(failed_on)};
}

class TrialQueueTest : public ::testing::Test {
 protected:
  struct Wait {
    std::int64_t id = 0;
    std::string owner;
    std::int64_t priority = 0;
    std::int64_t sweep = 1;
    Duration queued{};
    std::string benchmark = "b";
    std::set<store::Label> limited = {};
  };
  void put(const Wait& wait) {
    queue_.put({.trial = {wait.id},
                .line = line(wait.benchmark),
                .turn = {.priority = wait.priority,
                         .sweep = {wait.sweep},
                         .position = wait.id,
                         .queued_since = Time(wait.queued)},
                .charge = {.sweep = {wait.sweep}, .owner = wait.owner, .limited = wait.limited}},
               now_);
  }
  /// 0: nothing. It begins to run.
  std::int64_t take(const TrialQueue::Rank& rank = anything) {
    const auto taken = queue_.take_first(rank, accounts_, now_);
    if (!taken) return 0;
    accounts_.begin(taken->trial, taken->charge, now_);
    return taken->trial.value;
  }
  std::vector<std::int64_t> take_all() {
    std::vector<std::int64_t> order;
    while (const std::int64_t id = take()) order.push_back(id);
    return order;
  }

  TrialQueue queue_;
  Accounts accounts_;
  Steady now_{1h};
};

using Ids = std::vector<std::int64_t>;

TEST_F(TrialQueueTest, OfOneOwnerThePriorityThenTheAgeThenTheSweepsOrderDecides) {
  put({.id = 1, .sweep = 1, .benchmark = "odd"});
  put({.id = 2, .sweep = 2, .queued = 1h, .benchmark = "even"});
  put({.id = 3, .priority = 1, .sweep = 3, .queued = 2h});
  put({.id = 4, .sweep = 2, .queued = 1h});
  put({.id = 5, .sweep = 4, .queued = 3h});
  put({.id = 5, .priority = 2, .sweep = 5, .queued = 3h});  // moved forward
  EXPECT_EQ(take_all(), (Ids{5, 3, 1, 2, 4}));
  EXPECT_EQ(queue_.size(), 0u);
}

TEST_F(TrialQueueTest, ADayOfWaitingIsWorthALevelOfPriority) {
  put({.id = 1, .priority = 0, .sweep = 1, .queued = 0h});
  put({.id = 2, .priority = 1, .sweep = 2, .queued = 23h});
  put({.id = 3, .priority = 1, .sweep = 3, .queued = 25h});
  put({.id = 4, .priority = 3, .sweep = 4, .queued = 25h});
  EXPECT_EQ(take_all(), (Ids{4, 2, 1, 3}));
}

TEST_F(TrialQueueTest, PrioritiesOfAnySizeAreInOrder) {
  put({.id = 1, .priority = std::numeric_limits<std::int64_t>::min()});
  put({.id = 2, .priority = std::numeric_limits<std::int64_t>::max()});
  put({.id = 3, .priority = 5'000'000'000});
  EXPECT_EQ(take_all(), (Ids{2, 3, 1}));
}

TEST_F(TrialQueueTest, OwnersTakeTurnsByTheirWeights) {
  accounts_.shares.set_weight("alice", 2);
  for (std::int64_t i = 0; i < 30; ++i) {
    put({.id = 1 + i, .owner = "alice", .priority = 0});
    put({.id = 101 + i, .owner = "bob", .priority = 9, .sweep = 2});
  }
  int of_alice = 0;
  for (int i = 0; i < 12; ++i) of_alice += take() < 100 ? 1 : 0;
  EXPECT_EQ(of_alice, 8) << "priorities count among one's own trials alone";
}

TEST_F(TrialQueueTest, WhoHadMuchLatelyGoesLater) {
  accounts_.shares.remember("alice", 20h, 10h, now_);
  put({.id = 1, .owner = "alice"});
  put({.id = 2, .owner = "bob", .sweep = 2});
  put({.id = 3, .owner = "alice"});
  EXPECT_EQ(take_all(), (Ids{2, 1, 3}));
}

TEST_F(TrialQueueTest, LimitsOfSweepOwnerAndLabelHoldAndLetGoAtOnce) {
  const store::Label label{.axis = "criterion", .label = "margin"};
  accounts_.limits.set_of_sweep({1}, 1);
  accounts_.limits.set_of_owner("bob", 1);
  accounts_.limits.set_of_label(label, 1);
  put({.id = 1, .owner = "alice", .sweep = 1});
  put({.id = 2, .owner = "alice", .sweep = 1});
  put({.id = 3, .owner = "bob", .sweep = 2});
  put({.id = 4, .owner = "bob", .sweep = 3});
  put({.id = 5, .owner = "carol", .sweep = 4, .limited = {label}});
  put({.id = 6, .owner = "carol", .sweep = 4, .limited = {label}});
  EXPECT_EQ(take_all(), (Ids{1, 3, 5}));
  EXPECT_FALSE(queue_.has_free(accounts_.limits));
  EXPECT_EQ(accounts_.limits.what_holds({.sweep = {1}, .owner = "bob", .limited = {label}}),
            (std::vector<std::string>{"sweep 1 runs 1 trial at once (max_parallel 1)",
                                      "bob runs 1 trial at once (max_parallel 1)",
                                      "criterion=margin runs 1 trial at once (max_parallel 1)"}));

  EXPECT_TRUE(accounts_.end({5}, now_)) << "a limit has room again";
  EXPECT_EQ(take(), 6);
  accounts_.limits.set_of_sweep({1}, 2);
  EXPECT_EQ(take(), 2);
  accounts_.limits.set_of_owner("bob", 0);
  EXPECT_EQ(take(), 4);
  accounts_.limits.set_of_sweep({1}, 1);
  put({.id = 7, .owner = "alice", .sweep = 1});
  EXPECT_FALSE(accounts_.end({1}, now_)) << "2 of 1 ran";
  EXPECT_EQ(take(), 0);
  accounts_.end({2}, now_);
  EXPECT_EQ(take(), 7);
}

TEST_F(TrialQueueTest, WhoseOtherSlotsKeepItsUseHighGetsTheRareOneOnceADay) {
  // Alice has hundreds of small slots, so her use stays above Bob's, who has the only large one and much to run on it.
  accounts_.shares.remember("alice", 240h, 0h, now_);
  for (int i = 0; i < 100; ++i) accounts_.shares.begin("alice", now_);
  for (std::int64_t i = 0; i < 100; ++i) put({.id = 100 + i, .owner = "bob", .sweep = 2});
  put({.id = 1, .owner = "alice"});
  int before = 0;
  for (std::int64_t id = take(); id != 1; id = take()) {
    ASSERT_GE(id, 100);
    now_ += 3h;
    accounts_.end({id}, now_);
    ++before;
  }
  EXPECT_EQ(before, 9) << "kPatience is 24 hours";
}

TEST_F(TrialQueueTest, ALowerRankGoesBeforeAnEarlierTurnUntilPatienceEnds) {
  put({.id = 1, .benchmark = "again"});
  put({.id = 2, .benchmark = "never"});
  put({.id = 3, .benchmark = "fresh"});
  put({.id = 4, .benchmark = "fresh"});
  const auto rank = [](const LineKey& key) -> std::optional<int> {
    if (key.need.benchmark == "never") return std::nullopt;
    return key.need.benchmark == "again" ? TrialQueue::kPatientRank : 0;
  };
  EXPECT_EQ(take(rank), 3);
  now_ += kPatience + 1s;
  EXPECT_EQ(take(rank), 1);
  EXPECT_EQ(take(rank), 4);
  EXPECT_EQ(take(rank), 0);
}

TEST_F(TrialQueueTest, ASlotLooksOnceAtEachLineHoweverManyTrialsWaitAndFailed) {
  for (std::int64_t id = 1; id <= 10'000; ++id) {
    const bool failed = id % 2 == 0;
    queue_.put({.trial = {id},
                .line = line("b" + std::to_string(id % 3), failed ? std::set<WorkerId>{{"a"}} : std::set<WorkerId>{}),
                .turn = {.position = id},
                .charge = {}},
               now_);
  }
  int looked = 0;
  const auto taken = queue_.take_first(
      [&](const LineKey& key) -> std::optional<int> {
        ++looked;
        if (key.need.benchmark != "b0") return std::nullopt;
        return key.failed_on.empty() ? 0 : 2;
      },
      accounts_, now_);
  EXPECT_EQ(taken->trial.value, 3);
  EXPECT_LE(looked, 6);
  EXPECT_TRUE(queue_.has_failed({.benchmark = "b0"}, {"a"}));
  EXPECT_FALSE(queue_.has_failed({.benchmark = "b0"}, {"b"}));
  EXPECT_FALSE(queue_.has_failed({.benchmark = "b3"}, {"a"}));
  queue_.erase({6});
  EXPECT_FALSE(queue_.contains({6}));
  EXPECT_EQ(queue_.size(), 9'998u);
}

TEST_F(TrialQueueTest, WhatGoesBeforeATurnIsCountedBySweep) {
  put({.id = 1, .owner = "alice", .sweep = 1});
  put({.id = 2, .owner = "alice", .sweep = 1});
  put({.id = 3, .owner = "alice", .priority = 2, .sweep = 2});
  put({.id = 4, .owner = "bob", .priority = 5, .sweep = 3});
  const auto before = queue_.before("alice", queue_.find({2})->turn);
  EXPECT_EQ(before, (std::map<SweepId, std::int64_t>{{{1}, 1}, {{2}, 1}}));
  EXPECT_EQ(queue_.groups().size(), 3u);
  EXPECT_EQ(queue_.charge_of({4})->owner, "bob");
  EXPECT_EQ(queue_.charge_of({9}), nullptr);
}

}  // namespace
}  // namespace oodml::coordinator::scheduling
