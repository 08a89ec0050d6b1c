#include <gtest/gtest.h>

#include <array>
#include <random>

#include "coordinator/scheduling/trial_queue.h"

namespace oodml::coordinator::scheduling {
namespace {

using namespace std::chrono_literals;

/// Twelve slots, and four owners who always have trials that wait, of lengths of their own.
class FairWeek : public ::testing::Test {
 protected:
  struct Owner {
    std::string name;
    double weight = 1;
    Duration shortest{}, longest{};
    double slot_hours = 0;
  };
  struct Run {
    TrialId trial;
    std::size_t owner = 0;
    Steady from{}, until{};
  };

  FairWeek() { set_up(accounts_); }
  void set_up(Accounts& accounts) {
    for (const Owner& owner : owners_) accounts.shares.set_weight(owner.name, owner.weight);
  }

  void begin_one() {
    for (std::size_t i = 0; i < owners_.size(); ++i) {
      while (waiting_[i] < 3) {
        ++waiting_[i];
        queue_.put({.trial = {++newest_},
                    .line = {.need = {}, .failed_on = {}},
                    .turn = {.sweep = {static_cast<std::int64_t>(i)}, .position = newest_},
                    .charge = {.sweep = {static_cast<std::int64_t>(i)}, .owner = owners_[i].name, .limited = {}}},
                   now_);
      }
    }
    const auto taken = queue_.take_first([](const LineKey&) { return 0; }, accounts_, now_);
    const auto owner = static_cast<std::size_t>(taken->charge.sweep.value);
    --waiting_[owner];
    accounts_.begin(taken->trial, taken->charge, now_);
    std::uniform_int_distribution<std::int64_t> length(owners_[owner].shortest.count(), owners_[owner].longest.count());
    running_.push_back({taken->trial, owner, now_, now_ + Duration(length(random_))});
  }

  void end_next() {
    const auto next = std::ranges::min_element(running_, {}, &Run::until);
    now_ = next->until;
    accounts_.end(next->trial, now_);
    owners_[next->owner].slot_hours +=
        std::chrono::duration<double, std::ratio<3600>>(next->until - next->from).count();
    past_.push_back(*next);
    running_.erase(next);
  }

  /// A coordinator that starts knows what the database holds of attempts.
  void restart() {
    Accounts fresh;
    set_up(fresh);
    const auto ago = [&](Steady time) { return std::chrono::floor<Duration>(now_ - time); };
    for (const Run& run : past_) fresh.shares.remember(owners_[run.owner].name, ago(run.from), ago(run.until), now_);
    for (const Run& run : running_) {
      fresh.shares.remember(owners_[run.owner].name, ago(run.from), 0ms, now_);
      fresh.begin(run.trial,
                  {.sweep = {static_cast<std::int64_t>(run.owner)}, .owner = owners_[run.owner].name, .limited = {}},
                  now_);
    }
    for (const Owner& owner : owners_) {
      EXPECT_NEAR(fresh.shares.used(owner.name, now_) / accounts_.shares.used(owner.name, now_), 1, 0.001);
    }
    accounts_ = std::move(fresh);
  }

  std::vector<Owner> owners_ = {
      {"alice", 4, 20min, 100min}, {"bob", 3, 5min, 30min}, {"carol", 2, 60min, 240min}, {"dora", 1, 10min, 60min}};
  TrialQueue queue_;
  Accounts accounts_;
  Steady now_{1h};
  std::mt19937 random_{7};
  std::array<int, 4> waiting_{};
  std::int64_t newest_ = 0;
  std::vector<Run> running_, past_;
};

TEST_F(FairWeek, OwnersGetTheirWeightsWithin5PercentAlsoOverARestart) {
  constexpr std::size_t kSlots = 12;
  bool restarted = false;
  while (now_ < Steady(1h) + 7 * 24h) {
    while (running_.size() < kSlots) begin_one();
    end_next();
    if (!restarted && now_ > Steady(60h)) {
      restart();
      restarted = true;
    }
  }
  double all = 0, weights = 0;
  for (const Owner& owner : owners_) {
    all += owner.slot_hours;
    weights += owner.weight;
  }
  for (const Owner& owner : owners_) {
    EXPECT_NEAR(owner.slot_hours / all / (owner.weight / weights), 1, 0.05) << owner.name;
  }
}

TEST_F(FairWeek, WhoComesAfterDaysOfAnotherCatchesUpAndThenShares) {
  FairShare shares;
  Steady now{1h};
  for (int i = 0; i < 10; ++i) shares.begin("alice", now);
  now += 72h;
  EXPECT_LT(shares.level("bob", now), shares.level("alice", now));
  for (int i = 0; i < 10; ++i) shares.end("alice", now);
  const double then = shares.used("alice", now);
  EXPECT_NEAR(shares.used("alice", now + FairShare::kHalfLife) / then, 0.5, 1e-9);
  for (int i = 0; i < 5; ++i) shares.begin("alice", now);
  for (int i = 0; i < 5; ++i) shares.begin("bob", now);
  EXPECT_GT(shares.level("alice", now), shares.level("bob", now));
  now += 20 * FairShare::kHalfLife;
  EXPECT_NEAR(shares.level("alice", now) / shares.level("bob", now), 1, 0.001) << "what was is forgotten";
}

}  // namespace
}  // namespace oodml::coordinator::scheduling
