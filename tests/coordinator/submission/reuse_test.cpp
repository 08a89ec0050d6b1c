// What a submission does with results that are there already.

#include "tests/coordinator/submission/reuse_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

TEST_F(ReuseTest, AnAttemptKeepsWhatItsNumbersDependOn) {
  submit({});
  run(kBirds, 0.5);
  const AttemptView attempt = detail(1).attempts.at(0);
  EXPECT_EQ(attempt.device, "cuda:0");
  EXPECT_EQ(attempt.identity, (job::Identity{kResultsVersion, "0.1.0", kBirds}));
  EXPECT_FALSE(attempt.is_earlier_run);
  restart();
  EXPECT_EQ(detail(1).attempts.at(0).identity.data, kBirds);
}

TEST_F(ReuseTest, ResultsOfTheDataThatThereIsAreSharedWithoutAWord) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  connect_with("a", {{"images of fashion_mnist", "11111111aaaa"}, {"images of others", "7"}});
  const SubmitView second = *submit_with({.name = "two"}, {});
  EXPECT_TRUE(second.notes.empty());
  EXPECT_EQ(second.new_trials, 0);
  EXPECT_EQ(recall_of(2), 0.5);
}

TEST_F(ReuseTest, ResultsOfOtherDataAreRefusedWithWhatChangedAndTheWaysOut) {
  submit({.name = "one", .seeds = {0, 1}});
  for (int i = 0; i < 2; ++i) run(std::string(kBirds) + ";split 3 of fashion_mnist=22222222bbbb", 0.5);
  connect_with("a", {{"images of fashion_mnist", "99"}, {"split 3 of fashion_mnist", "22222222bbbb"}});
  const std::string why = refusal({.name = "two", .seeds = {0, 1, 2}});
  EXPECT_EQ(
      why,
      "2 results that this sweep would share were made of other data than there is now. Changed since:\n"
      "  images of fashion_mnist (2 results)\n"
      "--rerun runs them again and keeps the old results in their history; --reuse shares the old figures knowingly");
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u) << "nothing of it was submitted";
  EXPECT_EQ(sweeps().plan(TestSweep{.name = "two", .seeds = {0, 1, 2}}.text(), {})->refusal, why);
  EXPECT_EQ(refusal({.name = "new", .seeds = {7}}), "accepted") << "nothing is shared";
}

TEST_F(ReuseTest, OneWorkerWithTheDataOfTheResultIsEnoughAndALostOneIsNone) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  connect_with("other", {{"images of fashion_mnist", "99"}});
  connect_with("same", {{"images of fashion_mnist", "11111111aaaa"}});
  EXPECT_EQ(refusal({.name = "two"}), "accepted");
  advance(121s);
  connect_with("other", {{"images of fashion_mnist", "99"}});
  EXPECT_NE(refusal({.name = "three"}), "accepted");
}

TEST_F(ReuseTest, WhatNobodyHasSaidIsNotedAndNotRefused) {
  submit({.name = "one", .seeds = {0, 1}});
  run(kBirds, 0.5);
  run("", 0.5);
  const SubmitView second = *submit_with({.name = "two", .seeds = {0, 1}}, {});
  ASSERT_EQ(second.notes.size(), 2u);
  EXPECT_EQ(
      second.notes[0],
      "1 shared result of an earlier version of the program, which did not note its data: whether they changed is "
      "not known; --rerun runs them again");
  EXPECT_EQ(
      second.notes[1],
      "1 shared result not checked against the data of now, as no connected worker has said what it has: images of "
      "fashion_mnist");
}

TEST_F(ReuseTest, TheCallersDiskCountsAsAWorkersDoes) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  EXPECT_NE(refusal({.name = "two"}, {.on_disk = {{"images of fashion_mnist", "99"}}}), "accepted");
  EXPECT_EQ(refusal({.name = "two"}, {.on_disk = {{"images of fashion_mnist", "11111111aaaa"}}}), "accepted");
}

TEST_F(ReuseTest, ResultsOfAnotherVersionOfTheNumbersAreRefused) {
  submit({.name = "one"});
  run(kBirds, 0.5, kResultsVersion + 1);
  const std::string why = refusal({.name = "two"});
  EXPECT_NE(why.find("it computes other numbers since results version " + std::to_string(kResultsVersion + 1)),
            std::string::npos)
      << why;
}

TEST_F(ReuseTest, ReuseSharesTheOldFiguresAndSaysSo) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  connect_with("a", {{"images of fashion_mnist", "99"}});
  const SubmitView second = *submit_with({.name = "two"}, {.reuse = true}, {}, "r-1");
  ASSERT_EQ(second.notes.size(), 1u);
  EXPECT_NE(second.notes[0].find("images of fashion_mnist (1 result)"), std::string::npos) << second.notes[0];
  EXPECT_EQ(recall_of(2), 0.5);
  const SubmitView again = *submit_with({.name = "two"}, {.reuse = true}, {}, "r-1");
  EXPECT_EQ(again.sweep, second.sweep);
  EXPECT_EQ(again.notes, second.notes) << "a reply that got lost is given again as it was";
}

TEST_F(ReuseTest, ARowThatMixesDataIsNamed) {
  submit({.seeds = {0, 1, 2}});
  run(std::string(kBirds) + ";split 3 of fashion_mnist=22222222bbbb", 0.5);
  run(std::string(kBirds) + ";split 3 of fashion_mnist=33333333cccc", 0.5);
  const ResultRow mixed = table(1).rows.at(0);
  ASSERT_EQ(mixed.mixes.size(), 1u);
  EXPECT_EQ(mixed.mixes[0], "2 versions of split 3 of fashion_mnist: 22222222 in trial 1; 33333333 in trial 2");
  EXPECT_TRUE(table(1).notes.empty()) << "said of the row already";
  EXPECT_TRUE(table(1, {.filter = {{"seed", "0"}}}).rows.at(0).mixes.empty());
  const ResultsTable apart = table(1, {.by = {"seed"}});
  EXPECT_TRUE(apart.rows.at(0).mixes.empty());
  ASSERT_EQ(apart.notes.size(), 1u) << "rows are compared with each other";
  EXPECT_EQ(apart.notes[0], mixed.mixes[0]);
  run("", 0.5);
  ASSERT_EQ(table(1).rows.at(0).mixes.size(), 2u);
  EXPECT_EQ(table(1).rows.at(0).mixes[1],
            "results that do not say what data they were made of, by an earlier version of the program: trial 3");
}

TEST_F(ReuseTest, TheScoreOverAnAxisNamesWhatItMixes) {
  submit({.criteria = {"near", "far"}, .seeds = {0}});
  connect("a");
  int hash = 0;
  for (const auto& [fid, recall] : std::vector<std::pair<double, double>>{{10, 0.9}, {20, 0.5}}) {
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(push("a", lease, 1,
                     {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=" + std::to_string(hash++)},
                      metric(0, "fid", fid), metric(1, "e_recall@1", recall)}));
    ASSERT_TRUE(finish(lease, Outcome::kSucceeded, 3).ok());
  }
  const ResultRow row = table(1, {.over = "criterion"}).rows.at(0);
  ASSERT_EQ(row.mixes.size(), 1u);
  EXPECT_EQ(row.mixes[0], "2 versions of images of fashion_mnist: 0 in trial 1; 1 in trial 2");
}

}  // namespace
}  // namespace oodml::coordinator::testing
