// Lists of sweeps and trials, and what is answered where there is none.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

class SweepReadsTest : public ServiceTest {};

TEST_F(SweepReadsTest, ListsComeInPagesNewestFirst) {
  for (int i = 0; i < 5; ++i) submit({.name = "s" + std::to_string(i), .seeds = {i}});
  const SweepPage first = *sweeps().list({.limit = 2});
  ASSERT_EQ(first.sweeps.size(), 2u);
  EXPECT_EQ(first.sweeps[0].name, "s4");
  EXPECT_EQ(first.next_before, 4);
  const SweepPage rest = *sweeps().list({.limit = 10, .before = first.next_before});
  EXPECT_EQ(rest.sweeps.size(), 3u);
  EXPECT_EQ(rest.next_before, 0);
}

TEST_F(SweepReadsTest, TrialsOfASweepComeInPagesAndByState) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  const SweepDetail page = *sweeps().get({.sweep = {.name = "study"}, .limit = 3});
  ASSERT_EQ(page.trials.size(), 3u);
  EXPECT_EQ(page.next_after, 3);
  EXPECT_EQ(page.trials[2].labels, (std::map<std::string, std::string>{{"criterion", "triplet"}, {"seed", "0"}}));
  EXPECT_EQ(page.axes[1].axis, "seed");
  EXPECT_EQ(page.yaml, (TestSweep{.criteria = {"margin", "triplet"}, .seeds = {0, 1}}.text().yaml));
  EXPECT_EQ(page.axes[1].labels[0].trials, 2);
  const SweepDetail rest = *sweeps().get({.sweep = {.name = "study"}, .limit = 3, .after_trial = page.next_after});
  EXPECT_EQ(rest.trials.size(), 1u);
  EXPECT_TRUE(rest.axes.empty() && rest.yaml.empty()) << "the first page said it";
  EXPECT_EQ(rest.sweep.counts, page.sweep.counts);
  const SweepDetail done =
      *sweeps().get({.sweep = {.name = "study"}, .states = {TrialState::kSucceeded, TrialState::kFailed}});
  ASSERT_EQ(done.trials.size(), 1u);
  EXPECT_EQ(done.trials[0].id, TrialId{1});
}

TEST_F(SweepReadsTest, WhatIsNotThereIsNotFoundByItsName) {
  EXPECT_EQ(sweeps().get({.sweep = {.name = "ghost"}}).error().message(), "no sweep named 'ghost'");
  EXPECT_EQ(sweeps().get({.sweep = {.id = {9}}}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(sweeps().get_trial({9}, 0, 0).error().message(), "no trial 9; there are none yet");
  EXPECT_EQ(sweeps().watch({.name = "ghost"}, {}, [](WatchItem) {}).error().code(), StatusCode::kNotFound);
  submit({});
  EXPECT_EQ(sweeps().watch({.id = {1}}, {5}, [](WatchItem) {}).error().code(), StatusCode::kNotFound);
}

TEST_F(SweepReadsTest, WhatIsNotThereIsAnsweredWithWhatMayHaveBeenMeant) {
  submit({.name = "oodml-zero-shot", .seeds = {0, 1}});
  EXPECT_EQ(sweeps().get({.sweep = {.name = "oodml-zero-shoot"}}).error().message(),
            "no sweep named 'oodml-zero-shoot'; did you mean 'oodml-zero-shot'?");
  EXPECT_EQ(sweeps().get({.sweep = {.id = {2}}}).error().message(), "no sweep 2; the newest is 1, and 2 is a trial");
  EXPECT_EQ(sweeps().get({.sweep = {.id = {7}}}).error().message(), "no sweep 7; the newest is 1");
  EXPECT_EQ(sweeps().get_trial({7}, 0, 0).error().message(), "no trial 7; the newest is 2");
}

TEST_F(SweepReadsTest, TheNewestSweepOfANameIsMeant) {
  submit({.seeds = {0}});
  submit({.seeds = {1}});
  EXPECT_EQ(sweeps().get({.sweep = {.name = "study"}})->sweep.id, SweepId{2});
}

}  // namespace
}  // namespace oodml::coordinator::testing
