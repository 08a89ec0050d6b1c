#include "worker/progress_gate.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "worker/line_splitter.h"

namespace oodml::worker {
namespace {

using std::chrono::milliseconds;

job::Progress at_step(std::int64_t step) { return {.step = step}; }

TEST(ProgressGateTest, LetsTheFirstThroughAndThenTheNewestOncePerSecond) {
  testing::FakeClock clock;
  ProgressGate gate;
  gate.offer(at_step(1));
  EXPECT_EQ(gate.take_due(clock.steady_now(), 0)->step, 1);
  gate.offer(at_step(2));
  gate.offer(at_step(3));
  EXPECT_FALSE(gate.take_due(clock.steady_now(), 0));
  clock.advance(milliseconds(1000));
  EXPECT_EQ(gate.take_due(clock.steady_now(), 0)->step, 3);
  clock.advance(milliseconds(5000));
  EXPECT_FALSE(gate.take_due(clock.steady_now(), 0)) << "nothing new was said";
}

TEST(ProgressGateTest, IsSlowerWhileManyEventsWait) {
  testing::FakeClock clock;
  ProgressGate gate;
  gate.offer(at_step(1));
  ASSERT_TRUE(gate.take_due(clock.steady_now(), 5000));
  gate.offer(at_step(2));
  clock.advance(milliseconds(9000));
  EXPECT_FALSE(gate.take_due(clock.steady_now(), 5000));
  clock.advance(milliseconds(1000));
  EXPECT_TRUE(gate.take_due(clock.steady_now(), 5000));
}

TEST(LineSplitterTest, JoinsPiecesAndKeepsTheRestForLater) {
  LineSplitter splitter;
  EXPECT_TRUE(splitter.feed("he").empty());
  EXPECT_EQ(splitter.feed("llo\nwor"), (std::vector<std::string>{"hello"}));
  EXPECT_TRUE(splitter.torn());
  EXPECT_EQ(splitter.feed("ld\n\n"), (std::vector<std::string>{"world", ""}));
  EXPECT_FALSE(splitter.torn());
}

TEST(LineSplitterTest, DropsAnOverlongLineWholeAndGoesOn) {
  LineSplitter splitter;
  EXPECT_TRUE(splitter.feed(std::string(5000, 'x')).empty());
  EXPECT_TRUE(splitter.feed(std::string(100'000, 'x')).empty());
  EXPECT_EQ(splitter.feed("x\nnext\n"), (std::vector<std::string>{"next"}));
  EXPECT_EQ(splitter.overlong_lines(), 1);
}

TEST(LineSplitterTest, TakesTheLongestLineTheProtocolAllows) {
  LineSplitter splitter;
  const std::string line(protocol::kMaxLine - 1, 'x');
  EXPECT_EQ(splitter.feed(line + "\n"), (std::vector<std::string>{line}));
  EXPECT_TRUE(splitter.feed(line + "x\n").empty());
}

}  // namespace
}  // namespace oodml::worker
