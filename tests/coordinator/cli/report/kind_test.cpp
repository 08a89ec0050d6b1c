#include "coordinator/cli/report/kind.h"

#include <gtest/gtest.h>

#include "coordinator/cli/report/choices_text.h"
#include "coordinator/cli/report/run_values.h"
#include "tests/coordinator/cli/report/shift_runs.h"

namespace oodml::cli::report {
namespace {

TEST(KindTest, IsFoundByNameOrTheKnownOnesAreTold) {
  EXPECT_EQ((*find_kind("oodml"))->name, "oodml");
  const auto unknown = find_kind("oodm");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message().find("did you mean 'oodml'"), std::string::npos);
  EXPECT_NE(unknown.error().message().find("revisiting"), std::string::npos);
}

TEST(KindTest, FollowsFromTheRecipeOrTheAxes) {
  EXPECT_EQ((*guess_kind({"oodml"}, {"criterion"}))->name, "oodml");
  EXPECT_EQ((*guess_kind({"default", "revisiting"}, {}))->name, "revisiting");
  EXPECT_EQ((*guess_kind({"default"}, {"criterion", "split"}))->name, "oodml");
  EXPECT_EQ((*guess_kind({"oodml"}, {"split", "few_shot.shots"}))->name, "few-shot");
  const auto undecided = guess_kind({"default"}, {"criterion"});
  ASSERT_FALSE(undecided);
  EXPECT_NE(undecided.error().message().find("--kind revisiting | oodml"), std::string::npos);
  EXPECT_FALSE(guess_kind({"oodml", "revisiting"}, {"split"}));
}

TEST(OodmlTest, ASweepWithoutAnyResultHasAReportThatSaysSo) {
  auto runs = small_study();
  for (auto& run : runs) {
    run.state = "queued";
    run.courses.clear();
    run.fid.reset();
  }
  const Document document = make_oodml(runs, {});
  ASSERT_FALSE(document.sections.empty());
  EXPECT_TRUE(mentions(document.sections[0].missing, "12 of 12 runs have no result yet"));
  EXPECT_TRUE(make_oodml({}, {}).sections.size() == document.sections.size());
}

TEST(OodmlTest, HasASectionForEveryPartOfTheStudy) {
  auto runs = small_study();
  EXPECT_EQ(make_oodml(runs, {}).sections.size(), 5u);
  for (auto& run : runs) with(run, "test:mAP_1000", {0.3});
  EXPECT_EQ(make_oodml(runs, {}).sections.size(), 7u) << "the same of mAP@1000";
}

TEST(OodmlTest, OneSeedIsSaidOnce) {
  auto runs = small_study();
  std::erase_if(runs, [](const auto& run) { return run.seed == 1; });
  EXPECT_TRUE(mentions(make_oodml(runs, {}).sections[0].missing, "CUB has one seed a method"));
}

TEST(RunValuesTest, HaveALineARunAndFigure) {
  std::vector<report::Run> runs = {shifted("S2SD", "1", 10, 0, 0.875)};
  runs[0].trial = 7;
  const Table table = run_values(runs, {});
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0], (std::vector<std::string>{"study", "7", "succeeded", "CUB_ID-1_S2SD", "S2SD", "cub200", "1",
                                                     "10", "0", "test:e_recall@1", "0.875", "1"}));
}

TEST(ChoicesTextTest, SaysWhatTheNumbersAre) {
  EXPECT_TRUE(mentions(choices_text({}), "own-best"));
  EXPECT_TRUE(mentions(choices_text({}), "population"));
  EXPECT_TRUE(mentions(choices_text({.choice = Choice::kLast, .spread = Spread::kSample}), "n - 1"));
  EXPECT_TRUE(mentions(choices_text({.interval = Interval::kBootstrap}), "resampling"));
}

TEST(KindTest, EachKindHasTheRuleOfItsStudy) {
  for (const Kind& kind : kinds()) {
    EXPECT_EQ(kind.choice, kind.name == "pads" ? Choice::kAtBestRecall : Choice::kOwnBest) << kind.name;
  }
}

}  // namespace
}  // namespace oodml::cli::report
