#include <condition_variable>
#include <mutex>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

class WatchHubTest : public ServiceTest {};

/// What a watcher was told, and a way to wait for it.
class Log {
 public:
  void add(WatchItem item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_all();
  }
  template <typename Holds>
  bool wait(Holds holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return holds(items_); });
  }
  std::vector<WatchItem> items() {
    const std::lock_guard lock(mutex_);
    return items_;
  }

 private:
  std::mutex mutex_;  // guards items_
  std::condition_variable changed_;
  std::vector<WatchItem> items_;
};

bool told_state(const std::vector<WatchItem>& items, TrialState state) {
  for (const WatchItem& item : items) {
    const auto* trial = std::get_if<TrialView>(&item);
    if (trial && trial->state == state) return true;
  }
  return false;
}

TEST_F(WatchHubTest, AWatcherSeesThePresentFirstAndThenWhatHappensInOrder) {
  submit({.seeds = {0, 1}});
  connect("a");
  Log log;
  auto subscription = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(log.wait([](const auto& items) { return items.size() >= 3; }));
  EXPECT_TRUE(std::holds_alternative<SweepView>(log.items()[0]));
  EXPECT_EQ(std::get<TrialView>(log.items()[1]).waiting_for, "slot cpu:0 of a to ask for it");

  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(log.wait([](const auto& items) { return told_state(items, TrialState::kRunning); }));
  ASSERT_TRUE(push("a", lease, 1, {job::Hello{}, metric(1, "e_recall@1", 0.5), job::Done{}}));
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded, 3).ok());
  ASSERT_TRUE(log.wait([](const auto& items) {
    const auto* sweep = std::get_if<SweepView>(&items.back());
    return sweep && sweep->counts.succeeded == 1;
  }));
  std::vector<std::int64_t> sequences;
  for (const WatchItem& item : log.items()) {
    if (const auto* event = std::get_if<job::Event>(&item)) sequences.push_back(event->sequence);
  }
  EXPECT_EQ(sequences, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(told_state(log.items(), TrialState::kSucceeded));
}

TEST_F(WatchHubTest, AWatcherOfOneTrialIsToldOfItAlone) {
  submit({.seeds = {0, 1}});
  connect("a");
  Log log;
  auto subscription = *sweeps().watch({}, {2}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(log.wait([](const auto& items) { return told_state(items, TrialState::kSucceeded); }));
  for (const WatchItem& item : log.items()) {
    const auto* trial = std::get_if<TrialView>(&item);
    EXPECT_TRUE(!trial || trial->id == TrialId{2});
  }
}

TEST_F(WatchHubTest, AWatcherThatLeftIsToldNothing) {
  submit({});
  Log log, other;
  auto subscription = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(log.wait([](const auto& items) { return items.size() == 2; }));
  subscription.reset();
  auto witness = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { other.add(std::move(item)); });
  change(SweepChange::kCancel, {1});
  ASSERT_TRUE(other.wait([](const auto& items) { return told_state(items, TrialState::kCancelled); }));
  EXPECT_EQ(log.items().size(), 2u);
}

}  // namespace
}  // namespace oodml::coordinator::testing
