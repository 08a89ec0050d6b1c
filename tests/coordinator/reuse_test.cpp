// What a submission does with results that are there already, and what becomes of them.

#include <algorithm>

#include "core/base/results_version.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

constexpr const char* kBirds = "images of fashion_mnist=11111111aaaa";

class ReuseTest : public ServiceTest {
 protected:
  /// A worker that has said what it has on disk.
  void connect_with(const std::string& id, const job::DataStamps& data) {
    job::WorkerInfo info = worker_info(id);
    info.data = data;
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    ASSERT_TRUE(answer.get());
    drain();
  }
  /// The next trial to its end with that recall, on that data ("": an old program that does not say).
  job::Lease run(const std::string& data, double recall, std::int64_t results_version = kResultsVersion) {
    connect("runner");
    const job::Lease lease = acquire("runner").lease;
    std::vector<job::EventBody> bodies = {job::Hello{.device = "cuda:0", .pid = 4}};
    if (!data.empty()) bodies.push_back(job::Identity{results_version, "0.1.0", data});
    bodies.push_back(metric(1, "e_recall@1", recall));
    EXPECT_TRUE(push("runner", lease, 1, bodies));
    EXPECT_TRUE(finish(lease, Outcome::kSucceeded, std::ssize(bodies)).ok());
    return lease;
  }
  Result<SubmitView> submit_with(const TestSweep& sweep, const SubmitOptions& options,
                                 std::vector<std::pair<std::string, std::string>> keys = {},
                                 const std::string& request_id = "") {
    SweepText text = sweep.text();
    text.overrides = std::move(keys);
    Answer<SubmitView> answer;
    sweeps().submit(text, request_id, options, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  std::string refusal(const TestSweep& sweep, const SubmitOptions& options = {}) {
    const auto result = submit_with(sweep, options);
    if (result) return "accepted";
    EXPECT_EQ(result.error().code(), StatusCode::kFailedPrecondition);
    return result.error().message();
  }
  ResultsTable table(std::int64_t sweep, ResultsQuery query = {}) {
    query.sweep.id = {sweep};
    return sweeps().results(query).value_or(ResultsTable{});
  }
  double recall_of(std::int64_t sweep) { return table(sweep).rows.at(0).statistics.at(0).best.mean; }
  TrialDetail detail(std::int64_t id) { return *sweeps().get_trial({id}, 0, 100); }
};

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
  EXPECT_EQ(sweeps().list(0, 0)->sweeps.size(), 1u) << "nothing of it was submitted";
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

TEST_F(ReuseTest, ARerunBeginsAfreshAndTheOldResultStaysInItsHistory) {
  submit({.name = "one"});
  const job::Lease old = run(kBirds, 0.5);
  const SubmitView second = *submit_with({.name = "two"}, {.rerun = true}, {}, "r-1");
  EXPECT_EQ(second.rerun_trials, 1);
  EXPECT_EQ(second.new_trials, 0);
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);
  EXPECT_FALSE(trial({1}).newest_recall);
  EXPECT_TRUE(detail(1).metrics.empty()) << "the old courses are not the new run's";
  for (const std::int64_t sweep : {1, 2}) {
    EXPECT_EQ(table(sweep).rows.at(0).n, 0) << "sweep " << sweep << " shows the hole";
    EXPECT_EQ(view({sweep}).state, "running");
  }
  EXPECT_EQ(submit_with({.name = "two"}, {.rerun = true}, {}, "r-1")->sweep, second.sweep)
      << "asked again, not run again";
  EXPECT_TRUE(finish(old, Outcome::kSucceeded).ok()) << "a late repeat of the old end changes nothing";
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);

  connect("runner");
  const job::LeasedTrial leased = acquire("runner");
  EXPECT_EQ(leased.lease.attempt, 2);
  EXPECT_TRUE(leased.earlier_attempts.empty()) << "old checkpoints are not gone on from";
  ASSERT_TRUE(push("runner", leased.lease, 1,
                   {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(1, "nmi", 0.1),
                    metric(2, "e_recall@1", 0.7)}));
  ASSERT_TRUE(finish(leased.lease, Outcome::kSucceeded, 3).ok());
  EXPECT_EQ(recall_of(1), 0.7);
  EXPECT_EQ(recall_of(2), 0.7);
  EXPECT_EQ(table(2).rows[0].statistics[0].last.mean, 0.7) << "no epoch of the old run";

  const TrialDetail shown = detail(1);
  ASSERT_EQ(shown.attempts.size(), 2u);
  EXPECT_TRUE(shown.attempts[0].is_earlier_run);
  EXPECT_EQ(shown.attempts[0].results, std::vector<job::Metric>{metric(1, "e_recall@1", 0.5)});
  EXPECT_EQ(shown.attempts[0].identity.data, kBirds);
  EXPECT_FALSE(shown.attempts[1].is_earlier_run);
  EXPECT_EQ(shown.metrics.size(), 2u);
}

TEST_F(ReuseTest, ARerunOfASelectionLeavesTheOthersAlone) {
  submit({.name = "one", .criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  for (int i = 0; i < 4; ++i) run(kBirds, 0.5);
  const TestSweep again{.name = "two", .criteria = {"margin", "triplet"}, .seeds = {0, 1}};
  const SubmitView some = *submit_with(again, {.rerun = true, .rerun_only = {{"criterion", "margin"}, {"seed", "1"}}});
  EXPECT_EQ(some.rerun_trials, 1);
  EXPECT_EQ(trial({2}).state, TrialState::kQueued);
  EXPECT_EQ(view({2}).counts, (StateCounts{.queued = 1, .succeeded = 3}));
  const auto unknown = submit_with(again, {.rerun = true, .rerun_only = {{"seed", "9"}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message(), "axis seed of sweep two has no label '9'; it has 0, 1");
  // What is not run again is checked all the same.
  connect_with("a", {{"images of fashion_mnist", "99"}});
  const auto stale = submit_with(again, {.rerun = true, .rerun_only = {{"seed", "0"}}});
  ASSERT_FALSE(stale);
  EXPECT_NE(stale.error().message().find("1 result that"), std::string::npos) << stale.error().message();
}

TEST_F(ReuseTest, ARerunSparesWhatRunsAndFencesOffALostAttempt) {
  submit({.name = "one", .seeds = {0, 1}});
  connect("a", 2);
  const job::Lease running = acquire("a", "cpu:0").lease;
  const job::Lease lost = acquire("a", "cpu:1").lease;
  ASSERT_TRUE(push("a", lost, 1, {metric(1, "e_recall@1", 0.9)}));
  advance(100s);
  ASSERT_EQ(beat("a", running), job::Directive::kContinue);
  advance(100s);
  ASSERT_EQ(trial(lost.trial).state, TrialState::kBackoff);
  const SubmitView second = *submit_with({.name = "two", .seeds = {0, 1}}, {.rerun = true});
  EXPECT_EQ(second.rerun_trials, 1);
  ASSERT_EQ(second.notes.size(), 1u);
  EXPECT_NE(second.notes[0].find("1 trial runs just now"), std::string::npos) << second.notes[0];
  EXPECT_EQ(trial(running.trial).state, TrialState::kRunning);
  EXPECT_EQ(beat("a", running), job::Directive::kContinue);
  beat("a", lost);
  EXPECT_EQ(trial(lost.trial).state, TrialState::kQueued) << "its old attempt does not come back";
  EXPECT_EQ(beat("a", lost), job::Directive::kFenced);
  EXPECT_EQ(finish(lost, Outcome::kSucceeded, 1).code(), StatusCode::kAborted);
}

TEST_F(ReuseTest, TheSweepThatHadTheOldResultKeepsWantingTheNewOne) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  const SubmitView second = *submit_with({.name = "two"}, {.rerun = true});
  change(SweepChange::kCancel, second.sweep);
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);
  run(kBirds, 0.6);
  EXPECT_EQ(recall_of(1), 0.6);
}

TEST_F(ReuseTest, AnAttemptOnOtherDataThanTheOneBeforeItBeginsTheRunAfresh) {
  submit({});
  connect("a");
  const job::Lease first = acquire("a").lease;
  ASSERT_TRUE(push("a", first, 1,
                   {job::Identity{kResultsVersion, "0.1.0", kBirds}, metric(1, "e_recall@1", 0.9),
                    metric(1, "nmi", 0.9), metric(5, "e_recall@1", 0.95)}));
  ASSERT_TRUE(finish(first, Outcome::kPreempted, 4).ok());
  const job::LeasedTrial second = acquire("a");
  EXPECT_EQ(second.earlier_attempts, std::vector<AttemptEpoch>{1});
  ASSERT_TRUE(
      push("a", second.lease, 1,
           {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(1, "e_recall@1", 0.3)}));
  EXPECT_EQ(detail(1).metrics, std::vector<job::Metric>{metric(1, "e_recall@1", 0.3)});
  ASSERT_TRUE(finish(second.lease, Outcome::kPreempted, 2).ok());
  const job::LeasedTrial third = acquire("a");
  EXPECT_EQ(third.earlier_attempts, std::vector<AttemptEpoch>{2});
  ASSERT_TRUE(
      push("a", third.lease, 1,
           {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(2, "e_recall@1", 0.4)}));
  ASSERT_TRUE(finish(third.lease, Outcome::kSucceeded, 2).ok());
  const Statistic recall = table(1).rows[0].statistics[0];
  EXPECT_EQ(recall.best.mean, 0.4);
  EXPECT_EQ(recall.last.mean, 0.4);
  EXPECT_EQ(table(1).rows[0].statistics[1].n, 0) << "nmi was measured on the old data only";
  EXPECT_TRUE(detail(1).attempts[0].is_earlier_run);
  EXPECT_FALSE(detail(1).attempts[1].is_earlier_run);
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

TEST_F(ReuseTest, WishesThatLeaveNumbersAloneAreSaidToBeUnmetByWhatHasRun) {
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

TEST_F(ReuseTest, ATrialThatHasNotBegunDoesWhatEverySweepAsksOfIt) {
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

TEST_F(ReuseTest, ARerunTakesTheNewWishes) {
  ASSERT_TRUE(submit_with({.name = "one"}, {}, {{"log.csv", "true"}}));
  run(kBirds, 0.5);
  ASSERT_TRUE(submit_with({.name = "two"}, {.rerun = true}, {{"log.csv", "false"}, {"keep_best", "[\"nmi\"]"}}));
  connect("a");
  const job::TrialSpec spec = acquire("a").spec;
  EXPECT_FALSE(spec.values.flag("log.csv"));
  EXPECT_EQ(spec.values.texts("keep_best"), std::vector<std::string>{"nmi"});
}

class PauseTest : public ServiceTest {};

TEST_F(PauseTest, StopsWhatRunsWithACheckpointAndResumeGoesOn) {
  submit({.seeds = {0, 1}});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {metric(1, "e_recall@1", 0.5)}));
  const ChangeView paused = change(SweepChange::kPause, {1});
  EXPECT_EQ(paused.changed, 2);
  EXPECT_EQ(beat("a", lease), job::Directive::kStop);
  ASSERT_TRUE(finish(lease, Outcome::kPreempted, 1).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.paused = 2}));
  EXPECT_FALSE(ask("a")->has_value());
  EXPECT_EQ(change(SweepChange::kResume, {1}).changed, 2);
  const job::LeasedTrial again = acquire("a");
  EXPECT_EQ(again.earlier_attempts, std::vector<AttemptEpoch>{1}) << "it goes on from its checkpoint";
  ASSERT_TRUE(push("a", again.lease, 1, {metric(2, "e_recall@1", 0.6)}));
  ASSERT_TRUE(finish(again.lease, Outcome::kSucceeded, 1).ok());
  EXPECT_EQ(sweeps().get_trial({1}, 0, 0)->metrics.size(), 2u) << "no epoch lost, none twice";
}

TEST_F(PauseTest, AfterRunningLetsWhatRunsGoOnAndPausesItOnlyWithoutAResult) {
  submit({.seeds = {0, 1, 2}});
  connect("a", 2);
  const job::Lease good = acquire("a", "cpu:0").lease;
  const job::Lease bad = acquire("a", "cpu:1").lease;
  const ChangeView paused = change(SweepChange::kPauseAfterRunning, {1});
  EXPECT_EQ(paused.changed, 1) << "only the one that waits";
  EXPECT_EQ(paused.sweep.state, "paused");
  EXPECT_EQ(beat("a", good), job::Directive::kContinue);
  restart();
  connect("a", 2);
  EXPECT_EQ(beat("a", good), job::Directive::kContinue) << "after a restart too";
  ASSERT_TRUE(finish(good, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(bad, Outcome::kInfrastructure).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.paused = 2, .succeeded = 1}));
  EXPECT_EQ(change(SweepChange::kResume, {1}).changed, 2);
}

TEST_F(PauseTest, APlainPauseStopsWhatAnEarlierOneLetRunAndAnotherSweepMayKeepIt) {
  submit({.name = "one"});
  submit({.name = "two"});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kPause, {1});
  change(SweepChange::kPauseAfterRunning, {2});
  EXPECT_EQ(beat("a", lease), job::Directive::kContinue) << "the second sweep lets it run";
  EXPECT_EQ(change(SweepChange::kPause, {2}).changed, 1);
  EXPECT_EQ(beat("a", lease), job::Directive::kStop);
  EXPECT_EQ(change(SweepChange::kPauseAfterRunning, {2}).changed, 0) << "it is paused already";
  EXPECT_EQ(change(SweepChange::kResume, {2}).changed, 1);
  EXPECT_EQ(beat("a", lease), job::Directive::kContinue);
}

}  // namespace
}  // namespace oodml::coordinator::testing
