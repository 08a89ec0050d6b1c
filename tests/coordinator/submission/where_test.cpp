// Changes and views of the trials with some labels.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class WhereTest : public ServiceTest {
 protected:
  Result<ChangeView> change_where(SweepChange kind, const std::vector<std::string>& where,
                                  const std::vector<TrialId>& trials = {}, const std::string& id = "") {
    Answer<ChangeView> answer;
    sweeps().change(kind, {.sweep = {.id = {1}}, .trials = trials, .request_id = id, .where = where}, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  /// The ids of what is shown: "1 3".
  std::string shown(const TrialSelection& wanted) {
    const auto detail = sweeps().get(wanted);
    if (!detail) return detail.error().message();
    std::string ids;
    for (const TrialView& trial : detail->trials) ids += (ids.empty() ? "" : " ") + std::to_string(trial.id.value);
    return ids;
  }
};

TEST_F(WhereTest, AChangeConcernsTheTrialsWithTheseLabelsAlone) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1, 2}});
  EXPECT_EQ(change_where(SweepChange::kCancel, {"criterion=margin,seed=0..1"})->changed, 2);
  EXPECT_EQ(view({1}).counts, (StateCounts{.queued = 4, .cancelled = 2}));
  EXPECT_EQ(view({1}).state, "running") << "it was not cancelled as a whole";
  EXPECT_EQ(change_where(SweepChange::kPause, {"seed=2", "criterion=triplet"})->changed, 1);
  EXPECT_EQ(change_where(SweepChange::kRetry, {"seed=1"})->changed, 1);
  EXPECT_EQ(shown({.sweep = {.id = {1}}, .states = {job::TrialState::kCancelled}}), "1");
}

TEST_F(WhereTest, LabelsAndIdsNarrowEachOther) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  EXPECT_EQ(change_where(SweepChange::kCancel, {"criterion=margin"}, {{2}})->changed, 1);
  EXPECT_EQ(change_where(SweepChange::kCancel, {"criterion=margin"}, {{3}}).error(),
            Status(StatusCode::kNotFound, "sweep 1 has no trial 3 with criterion=margin"));
}

TEST_F(WhereTest, LabelsThatThereAreNotAreRefusedAndNothingChanges) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  EXPECT_EQ(change_where(SweepChange::kCancel, {"seed=7"}).error(),
            Status(StatusCode::kInvalidArgument, "axis seed of sweep study has no label '7'; it has 0, 1"));
  EXPECT_EQ(shown({.sweep = {.id = {1}}, .where = {"colour=red"}}),
            "sweep study has no axis 'colour'; it has criterion, seed");
  EXPECT_EQ(view({1}).counts, (StateCounts{.queued = 4}));
}

TEST_F(WhereTest, ARepeatedIdIsOfTheSameLabels) {
  submit({.seeds = {0, 1}});
  EXPECT_EQ(change_where(SweepChange::kCancel, {"seed=0"}, {}, "c-1")->changed, 1);
  EXPECT_EQ(change_where(SweepChange::kCancel, {"seed=0"}, {}, "c-1")->changed, 1);
  EXPECT_EQ(change_where(SweepChange::kCancel, {"seed=1"}, {}, "c-1").error().code(), StatusCode::kAlreadyExists);
}

TEST_F(WhereTest, PagesHoldWhatIsAskedForAlone) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1, 2}});
  const TrialSelection wanted{.sweep = {.id = {1}}, .limit = 2, .where = {"seed=0,2"}};
  const SweepDetail page = *sweeps().get(wanted);
  EXPECT_EQ(shown(wanted), "1 3");
  EXPECT_EQ(page.next_after, 3);
  TrialSelection rest = wanted;
  rest.after_trial = 3;
  EXPECT_EQ(shown(rest), "4 6");
  EXPECT_EQ(sweeps().get(rest)->next_after, 0);
  EXPECT_EQ(shown({.sweep = {.id = {1}}, .states = {job::TrialState::kPaused}, .where = {"seed=0"}}), "");
}

}  // namespace
}  // namespace oodml::coordinator::testing
