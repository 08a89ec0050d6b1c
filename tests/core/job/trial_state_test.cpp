#include "core/job/trial_state.h"

#include <gtest/gtest.h>

#include <vector>

namespace oodml::job {
namespace {

using enum TrialState;

const std::vector<TrialState> kStates = {kQueued, kRunning, kBackoff, kPaused, kSucceeded, kFailed, kCancelled};

TEST(TrialStateTest, NamesReadBack) {
  for (const TrialState state : kStates) EXPECT_EQ(parse_trial_state(to_text(state)), state);
  EXPECT_FALSE(parse_trial_state("done").has_value());
  for (const char* name : {"succeeded", "out_of_memory", "numeric", "bad_configuration", "machine", "infrastructure",
                           "crashed", "preempted", "lost", "cancelled"}) {
    ASSERT_TRUE(parse_outcome(name).has_value()) << name;
    EXPECT_STREQ(to_text(*parse_outcome(name)), name);
  }
  EXPECT_FALSE(parse_outcome("").has_value());
}

TEST(TrialStateTest, ASucceededTrialNeverChanges) {
  for (const TrialState to : kStates) EXPECT_FALSE(may_change(kSucceeded, to));
}

TEST(TrialStateTest, EveryTrialButARunningOneMayBeginAfreshByHand) {
  for (const TrialState from : kStates) EXPECT_EQ(may_begin_afresh(from), from != kRunning) << to_text(from);
}

TEST(TrialStateTest, OnlyQueuedTrialsStartAndFinalOnesNeedARetryByHand) {
  for (const TrialState from : kStates) EXPECT_EQ(may_change(from, kRunning), from == kQueued) << to_text(from);
  for (const TrialState from : {kFailed, kCancelled}) {
    for (const TrialState to : kStates) EXPECT_EQ(may_change(from, to), to == kQueued) << to_text(from) << to_text(to);
  }
}

TEST(TrialStateTest, EveryUnfinishedTrialCanBeCancelled) {
  for (const TrialState from : kStates) EXPECT_EQ(may_change(from, kCancelled), !is_final(from)) << to_text(from);
}

TEST(TrialStateTest, NoStateChangesIntoItself) {
  for (const TrialState state : kStates) EXPECT_FALSE(may_change(state, state)) << to_text(state);
}

TEST(TrialStateTest, WhatWillFailAgainIsNotRetried) {
  using enum Outcome;
  for (const Outcome outcome : {Outcome::kSucceeded, kOutOfMemory, kNumeric, kBadConfiguration, Outcome::kCancelled}) {
    EXPECT_FALSE(may_retry(outcome)) << to_text(outcome);
    EXPECT_FALSE(counts_as_try(outcome)) << to_text(outcome);
  }
  for (const Outcome outcome : {kMachine, kInfrastructure, kCrashed, kLost}) {
    EXPECT_TRUE(may_retry(outcome)) << to_text(outcome);
    EXPECT_TRUE(counts_as_try(outcome)) << to_text(outcome);
  }
  EXPECT_TRUE(may_retry(kPreempted));
  EXPECT_FALSE(counts_as_try(kPreempted));
}

}  // namespace
}  // namespace oodml::job
