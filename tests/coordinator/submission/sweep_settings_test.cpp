// Priority and limits of sweeps that run.

#include "coordinator/service/sweep_settings.h"

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class SweepSettingsTest : public ServiceTest {
 protected:
  Result<ChangeView> set(const SweepSettings& settings) {
    Answer<ChangeView> answer;
    sweeps().change_settings(settings, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
};

TEST_F(SweepSettingsTest, APriorityMovesWhatWaitsAtOnceAndLasts) {
  submit({.name = "one", .seeds = {0, 1}});
  submit({.name = "two", .seeds = {2, 3}});
  const auto changed = set({.sweep = {.name = "two"}, .priority = 5});
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_EQ(changed->changed, 2);
  EXPECT_EQ(changed->sweep.priority, 5);
  connect("a");
  EXPECT_EQ(acquire("a").lease.trial, TrialId{3});
  restart();
  connect("b");
  EXPECT_EQ(acquire("b").lease.trial, TrialId{4});
  ASSERT_TRUE(set({.sweep = {.name = "one"}, .priority = 9}));
  EXPECT_EQ(view({1}).priority, 9);
}

TEST_F(SweepSettingsTest, LimitsAreSetEachForItself) {
  submit({});
  ASSERT_TRUE(set({.sweep = {.id = {1}}, .max_parallel = 4}));
  ASSERT_TRUE(set({.sweep = {.id = {1}}, .max_failures = 2}));
  EXPECT_EQ(view({1}).max_parallel, 4);
  EXPECT_EQ(view({1}).max_failures, 2);
  ASSERT_TRUE(set({.sweep = {.id = {1}}, .max_parallel = 0}));
  EXPECT_EQ(view({1}).max_parallel, 0);
  EXPECT_EQ(view({1}).max_failures, 2);
}

TEST_F(SweepSettingsTest, AskedAgainItAnswersAsItDid) {
  submit({.seeds = {0, 1}});
  const SweepSettings settings{.sweep = {.id = {1}}, .priority = 5, .request_id = "s-1"};
  EXPECT_EQ(set(settings)->changed, 2);
  change(SweepChange::kCancel, {1});
  EXPECT_EQ(set(settings)->changed, 2);
  SweepSettings other = settings;
  other.priority = 6;
  EXPECT_EQ(set(other).error().code(), StatusCode::kAlreadyExists);
}

TEST_F(SweepSettingsTest, TheyAreTheOwnersOrAnOperators) {
  Answer<SubmitView> submitted;
  sweeps().submit(TestSweep{}.text(), "", {.owner = "alice", .is_operator = false}, submitted.reply());
  ASSERT_TRUE(submitted.get());
  SweepSettings settings{.sweep = {.id = {1}}, .priority = 5, .by = {.name = "bob", .is_operator = false}};
  EXPECT_EQ(set(settings).error().code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(view({1}).priority, 0);
  settings.by.name = "alice";
  EXPECT_TRUE(set(settings));
  settings.by = {.name = "olga", .is_operator = true};
  EXPECT_TRUE(set(settings));
}

}  // namespace
}  // namespace oodml::coordinator::testing
