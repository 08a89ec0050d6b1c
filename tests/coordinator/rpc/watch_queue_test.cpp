#include "coordinator/rpc/watch_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace oodml::coordinator::rpc {
namespace {

WatchItem metric(std::int64_t trial, std::int64_t sequence) {
  return job::Event{TrialId{trial}, 1, sequence, {}, job::Metric{1, "test", "embeds", "nmi", 0.5}};
}
WatchItem progress(std::int64_t trial, std::int64_t sequence) {
  return job::Event{TrialId{trial}, 1, sequence, {}, job::Progress{}};
}
WatchItem trial(std::int64_t id, job::TrialState state) { return TrialView{.id = TrialId{id}, .state = state}; }
WatchItem sweep(std::int64_t running) { return SweepView{.id = SweepId{1}, .counts = {.running = running}}; }

/// "s<running> t<id><state> e<sequence>" of all that is left.
std::string drain(WatchQueue& queue) {
  std::string text;
  while (const auto item = queue.pop()) {
    if (const auto* s = std::get_if<SweepView>(&*item)) text += " s" + std::to_string(s->counts.running);
    if (const auto* t = std::get_if<TrialView>(&*item)) {
      text += " t" + std::to_string(t->id.value) + job::to_text(t->state);
    }
    if (const auto* e = std::get_if<job::Event>(&*item)) text += " e" + std::to_string(e->sequence);
  }
  return text;
}

TEST(WatchQueueTest, KeepsTheOrder) {
  WatchQueue queue(10);
  for (const WatchItem& item :
       {sweep(1), trial(1, job::TrialState::kRunning), metric(1, 1), progress(1, 2), metric(1, 3)}) {
    EXPECT_TRUE(queue.push(item));
  }
  EXPECT_EQ(drain(queue), " s1 t1running e1 e2 e3");
  EXPECT_TRUE(queue.empty());
}

TEST(WatchQueueTest, OfStatesAndProgressOnlyTheNewestIsKeptAtItsPlace) {
  WatchQueue queue(10);
  for (const WatchItem& item :
       {sweep(1), trial(1, job::TrialState::kRunning), trial(2, job::TrialState::kRunning), progress(1, 1),
        metric(1, 2), progress(2, 1), progress(1, 3), trial(1, job::TrialState::kSucceeded), sweep(2)}) {
    EXPECT_TRUE(queue.push(item));
  }
  EXPECT_EQ(drain(queue), " t2running e2 e1 e3 t1succeeded s2");
}

TEST(WatchQueueTest, RefusesEventsBeyondItsBoundButNotStates) {
  WatchQueue queue(2);
  EXPECT_TRUE(queue.push(metric(1, 1)));
  EXPECT_TRUE(queue.push(metric(1, 2)));
  EXPECT_FALSE(queue.push(metric(1, 3)));
  EXPECT_TRUE(queue.push(progress(1, 4)));
  EXPECT_TRUE(queue.push(trial(1, job::TrialState::kRunning)));
  EXPECT_TRUE(queue.pop().has_value());
  EXPECT_TRUE(queue.push(metric(1, 5)));
  EXPECT_EQ(drain(queue), " e2 e4 t1running e5");
}

TEST(WatchQueueTest, AThousandTimesTheSameProgressTakesOnePlace) {
  WatchQueue queue(2);
  for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(queue.push(progress(1, i)));
  EXPECT_EQ(drain(queue), " e1000");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
