#include "coordinator/results/trial_selector.h"

#include <gtest/gtest.h>

namespace oodml::coordinator::results {
namespace {

const std::vector<job::Axis> kAxes = {{"criterion", {"margin", "triplet", "margin,lr=1"}},
                                      {"split", {"1", "2", "3", "10", "default"}},
                                      {"lr", {"1e-05", "0.0001", "0.001"}},
                                      {"range", {"1..3", "2"}}};

/// "criterion=margin split=1,2" of what was selected, or the refusal.
std::string selected(const std::vector<std::string>& where) {
  const auto filter = select_trials(kAxes, "study", where);
  if (!filter) return filter.error().message();
  std::string text;
  for (const auto& [axis, labels] : *filter) {
    text += (text.empty() ? "" : " ") + axis + "=";
    for (const std::string& label : labels) text += (text.back() == '=' ? "" : "|") + label;
  }
  return text;
}

TEST(TrialSelectorTest, LabelsOfAnAxisAreAlternativesAndAxesNarrowEachOther) {
  EXPECT_EQ(selected({}), "");
  EXPECT_EQ(selected({"criterion=margin"}), "criterion=margin");
  EXPECT_EQ(selected({"criterion=margin,split=1,3"}), "criterion=margin split=1|3");
  EXPECT_EQ(selected({"split=1", "criterion=triplet", "split=2"}), "criterion=triplet split=1|2");
}

TEST(TrialSelectorTest, ARangeTakesTheNumbersThatThereAre) {
  EXPECT_EQ(selected({"split=1..3"}), "split=1|2|3");
  EXPECT_EQ(selected({"split=3..1000,1"}), "split=1|10|3");
  EXPECT_EQ(selected({"split=2..2,default"}), "split=2|default");
  EXPECT_EQ(selected({"lr=0.00005..1e-3"}), "lr=0.0001|0.001");
}

TEST(TrialSelectorTest, WhatStandsThereAsALabelIsThatLabel) {
  EXPECT_EQ(selected({"criterion=margin,lr=1"}), "criterion=margin,lr=1");
  EXPECT_EQ(selected({"criterion=margin,lr=0.001"}), "criterion=margin lr=0.001");
  EXPECT_EQ(selected({"criterion=triplet,margin,lr=1,split=1"}), "criterion=margin,lr=1|triplet split=1");
  EXPECT_EQ(selected({"range=1..3"}), "range=1..3");
}

TEST(TrialSelectorTest, WhatThereIsNotIsRefusedWithWhatThereIs) {
  EXPECT_EQ(selected({"criterion=marign"}),
            "axis criterion of sweep study has no label 'marign'; it has margin, triplet, margin,lr=1; did you mean "
            "'margin'?");
  EXPECT_EQ(selected({"splits=1"}),
            "sweep study has no axis 'splits'; it has criterion, split, lr, range; did you mean 'split'?");
  EXPECT_EQ(selected({"split=4..9"}), "axis split of sweep study has no label '4..9'; it has 1, 2, 3, 10, default");
  EXPECT_EQ(selected({"split=3..1"}), "axis split of sweep study has no label '3..1'; it has 1, 2, 3, 10, default");
  EXPECT_EQ(selected({"split="}), "axis split of sweep study has no label ''; it has 1, 2, 3, 10, default");
  EXPECT_EQ(selected({"split=1,"}), "axis split of sweep study has no label ''; it has 1, 2, 3, 10, default");
  EXPECT_EQ(selected({"=1"}), "sweep study has no axis ''; it has criterion, split, lr, range");
  EXPECT_EQ(selected({"margin"}), "'margin' means no trials: AXIS=LABEL wanted, as in criterion=margin,split=1..3");
  EXPECT_EQ(selected({""}), "'' means no trials: AXIS=LABEL wanted, as in criterion=margin,split=1..3");
}

}  // namespace
}  // namespace oodml::coordinator::results
