// Wishes that leave numbers alone, of sweeps that share a trial.

#include "tests/coordinator/submission/reuse_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using NeutralKeysTest = ReuseTest;

TEST_F(NeutralKeysTest, WishesThatLeaveNumbersAloneAreSaidToBeUnmetByWhatHasRun) {
  submit({.name = "one", .seeds = {0, 1}});
  run(kBirds, 0.5);
  connect_with("a", {{"images of fashion_mnist", "11111111aaaa"}});
  const auto keys =
      std::vector<std::pair<std::string, std::string>>{{"keep_best", "[\"e_recall@1\"]"}, {"log.csv", "true"}};
  const SubmitView second = *submit_with({.name = "two", .seeds = {0, 1}}, {}, keys);
  ASSERT_EQ(second.notes.size(), 1u);
  EXPECT_EQ(
      second.notes[0],
      "1 trial is shared with earlier sweeps and will not run again, so what this one asks for has no effect there: "
      "log.csv: true, keep_best: [e_recall@1]; --rerun runs them again");
  SweepText text = TestSweep{.name = "two", .seeds = {0, 1}}.text();
  text.overrides = keys;
  EXPECT_EQ(sweeps().plan(text, {})->notes, second.notes);
  EXPECT_EQ(acquire("a").spec.values.flag("log.csv"), true) << "the other had not begun: the newer wish counts";
  EXPECT_TRUE(submit_with({.name = "three"}, {}, {{"log.csv", "false"}})->notes.empty()) << "nothing is asked for";
}

TEST_F(NeutralKeysTest, ATrialThatHasNotBegunDoesWhatEverySweepAsksOfIt) {
  ASSERT_TRUE(
      submit_with({.name = "one"}, {}, {{"keep_best", "[\"nmi\"]"}, {"cache_mib", "10"}, {"keep_checkpoints", "3"}}));
  ASSERT_TRUE(submit_with({.name = "two"}, {},
                          {{"keep_best", "[\"e_recall@1\"]"}, {"cache_mib", "20"}, {"keep_checkpoints", "1"}}));
  connect("a");
  const job::TrialSpec spec = acquire("a").spec;
  EXPECT_EQ(spec.values.texts("keep_best"), (std::vector<std::string>{"nmi", "e_recall@1"}));
  EXPECT_EQ(spec.values.integer("keep_checkpoints"), 3);
  EXPECT_EQ(spec.values.integer("cache_mib"), 20);
  const SubmitView third = *submit_with({.name = "three"}, {}, {{"log.csv", "true"}});
  ASSERT_EQ(third.notes.size(), 1u);
  EXPECT_NE(third.notes[0].find("under way already"), std::string::npos) << third.notes[0];
}

TEST_F(NeutralKeysTest, ARerunTakesTheNewWishes) {
  ASSERT_TRUE(submit_with({.name = "one"}, {}, {{"log.csv", "true"}}));
  run(kBirds, 0.5);
  ASSERT_TRUE(submit_with({.name = "two"}, {.rerun = true}, {{"log.csv", "false"}, {"keep_best", "[\"nmi\"]"}}));
  connect("a");
  const job::TrialSpec spec = acquire("a").spec;
  EXPECT_FALSE(spec.values.flag("log.csv"));
  EXPECT_EQ(spec.values.texts("keep_best"), std::vector<std::string>{"nmi"});
}

}  // namespace
}  // namespace oodml::coordinator::testing
