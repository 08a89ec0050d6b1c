#include "worker/machine_health.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace oodml::worker {
namespace {

using job::Outcome;
using Leave = MachineHealth::Leave;
using std::chrono::minutes;

class MachineHealthTest : public ::testing::Test {
 protected:
  void end(std::int64_t trial, Outcome outcome, const std::string& message = "why") {
    health_.note_end({trial}, {outcome, message});
  }
  void fail_three() {
    for (std::int64_t trial = 1; trial <= 3; ++trial) end(trial, Outcome::kMachine, "no such folder");
  }

  testing::FakeClock clock_;
  MachineHealth health_{clock_};
};

TEST_F(MachineHealthTest, ThreeDifferentTrialsInARowSetTheMachineAside) {
  end(1, Outcome::kMachine);
  end(2, Outcome::kMachine);
  EXPECT_EQ(health_.ask_leave(), Leave::kYes);
  end(3, Outcome::kMachine, "no such folder");
  EXPECT_EQ(health_.set_aside(),
            "3 different trials in a row could not run on it, the last, trial 3, as: no such folder");
  EXPECT_EQ(health_.ask_leave(), Leave::kNo);
}

TEST_F(MachineHealthTest, OneTrialAloneDoesNotCondemnTheMachine) {
  for (int times = 0; times < 10; ++times) end(1, Outcome::kMachine);
  end(2, Outcome::kMachine);
  EXPECT_EQ(health_.set_aside(), "");
}

TEST_F(MachineHealthTest, SignsOfAWholeMachineBeginTheRowAnewAndOtherEndsDoNot) {
  for (const Outcome sign : {Outcome::kSucceeded, Outcome::kNumeric}) {
    end(1, Outcome::kMachine);
    end(2, Outcome::kMachine);
    end(7, sign);
    end(3, Outcome::kMachine);
    EXPECT_EQ(health_.set_aside(), "") << job::to_text(sign);
    health_.note_checkpoint();
  }
  end(1, Outcome::kMachine);
  for (const Outcome other :
       {Outcome::kPreempted, Outcome::kCancelled, Outcome::kBadConfiguration, Outcome::kInfrastructure}) {
    end(8, other);
  }
  end(2, Outcome::kMachine);
  end(3, Outcome::kMachine);
  EXPECT_NE(health_.set_aside(), "");
}

TEST_F(MachineHealthTest, AfterTheRestOneSlotTriesAndALongerRestFollowsAFailure) {
  fail_three();
  EXPECT_FALSE(health_.has_leave());
  clock_.advance(MachineHealth::kFirstRest);
  EXPECT_EQ(health_.ask_leave(), Leave::kProbe);
  EXPECT_EQ(health_.ask_leave(), Leave::kNo) << "one at a time";
  end(4, Outcome::kMachine, "still no such folder");
  EXPECT_NE(health_.set_aside().find("still no such folder"), std::string::npos);

  Duration longest{};
  for (int tries = 0; tries < 12; ++tries) {
    Duration rest{};
    for (; !health_.has_leave(); rest += std::chrono::seconds(1)) clock_.advance(std::chrono::seconds(1));
    longest = std::max(longest, rest);
    ASSERT_EQ(health_.ask_leave(), Leave::kProbe);
    end(5 + tries, Outcome::kMachine);
  }
  EXPECT_GE(longest, MachineHealth::kLongestRest / 2);
  EXPECT_LE(longest, MachineHealth::kLongestRest + std::chrono::seconds(1));
}

TEST_F(MachineHealthTest, ASuccessOrACheckpointOfTheTriedTrialBringsTheMachineBack) {
  fail_three();
  clock_.advance(MachineHealth::kFirstRest);
  ASSERT_EQ(health_.ask_leave(), Leave::kProbe);
  health_.note_checkpoint();
  EXPECT_EQ(health_.set_aside(), "");
  EXPECT_EQ(health_.ask_leave(), Leave::kYes);
  end(4, Outcome::kMachine);
  EXPECT_EQ(health_.set_aside(), "") << "the row began anew";
}

TEST_F(MachineHealthTest, ATrialThatEndsForAnotherReasonLeavesTheQuestionOpen) {
  fail_three();
  clock_.advance(MachineHealth::kFirstRest);
  ASSERT_EQ(health_.ask_leave(), Leave::kProbe);
  end(4, Outcome::kPreempted);
  EXPECT_NE(health_.set_aside(), "");
  EXPECT_EQ(health_.ask_leave(), Leave::kProbe);
  health_.no_trial();
  EXPECT_EQ(health_.ask_leave(), Leave::kProbe);
  health_.still_broken("device cuda:0 is gone");
  EXPECT_EQ(health_.set_aside(), "its machine is not whole yet: device cuda:0 is gone");
  EXPECT_EQ(health_.ask_leave(), Leave::kNo);
}

TEST_F(MachineHealthTest, LatecomersOfOtherSlotsDoNotLengthenTheRest) {
  fail_three();
  const std::string reason = health_.set_aside();
  end(4, Outcome::kMachine, "another");
  EXPECT_EQ(health_.set_aside(), reason);
  clock_.advance(MachineHealth::kFirstRest);
  EXPECT_TRUE(health_.has_leave());
}

TEST_F(MachineHealthTest, APersonEndsTheRest) {
  fail_three();
  health_.wake();
  EXPECT_EQ(health_.wakes(), 1);
  EXPECT_EQ(health_.ask_leave(), Leave::kProbe);
}

}  // namespace
}  // namespace oodml::worker
