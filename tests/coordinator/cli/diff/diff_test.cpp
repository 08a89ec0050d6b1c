#include "coordinator/cli/diff/diff_text.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using DiffTest = CliTest;
using diff::Side;

v1::TrialSummary trial(std::int64_t id, char print, Labels labels) {
  v1::TrialSummary result = sample_trial(id, "succeeded", labels);
  result.set_fingerprint(std::string(64, print));
  return result;
}

Side side(std::int64_t id, const std::string& name, std::vector<std::string> axes,
          std::vector<v1::TrialSummary> trials) {
  Side result{.sweep = sample_sweep("finished", 2, 0, 0, 0), .axes = std::move(axes), .trials = std::move(trials)};
  result.sweep.set_sweep_id(id);
  result.sweep.set_name(name);
  return result;
}

v1::TrialSpec spec(std::initializer_list<std::pair<const char*, const char*>> settings) {
  v1::TrialSpec result;
  for (const auto& [key, value] : settings) {
    auto* setting = result.add_settings();
    setting->set_key(key);
    setting->set_value(value);
  }
  return result;
}

/// Sweeps 3 and 5: trial 1 in both, 2 and 4 at the same place, 3 and 5 and 6 alone.
diff::Report sample_report() {
  diff::Report report;
  report.first = side(3, "smoke", {"split", "seed", "lr"},
                      {trial(1, 'a', {{"split", "1"}, {"seed", "0"}}), trial(2, 'b', {{"split", "2"}, {"seed", "0"}}),
                       trial(3, 'c', {{"split", "3"}, {"seed", "0"}})});
  report.second =
      side(5, "again", {"seed", "split"},
           {trial(1, 'a', {{"split", "1"}, {"seed", "0"}}), trial(4, 'd', {{"split", "2"}, {"seed", "0"}}),
            trial(5, 'e', {{"split", "4"}, {"seed", "0"}}), trial(6, 'f', {{"split", "4"}, {"seed", "0"}})});
  report.diff = diff::compare(report.first, report.second);
  return report;
}

TEST_F(DiffTest, TrialsAreComparedByFingerprintAndPairedByTheAxesThatBothHave) {
  const diff::Report report = sample_report();
  EXPECT_EQ(report.diff.common_axes, (std::vector<std::string>{"split", "seed"}));
  EXPECT_EQ(report.diff.shared, 1);
  EXPECT_EQ(report.diff.only_first.size(), 2u);
  EXPECT_EQ(report.diff.only_second.size(), 3u);
  ASSERT_EQ(report.diff.pairs.size(), 1u) << "where two stand at one place nobody knows which is meant";
  EXPECT_EQ(report.diff.pairs[0].first->trial_id(), 2);
  EXPECT_EQ(report.diff.pairs[0].second->trial_id(), 4);
}

TEST_F(DiffTest, SettingsThatDifferAreCountedByTheirValues) {
  std::vector<diff::DifferentSetting> settings;
  diff::add_differences(spec({{"lr", "0.5"}, {"epochs", "3"}, {"miner.cp", "0.4"}}),
                        spec({{"lr", "1e-05"}, {"epochs", "3"}}), settings);
  diff::add_differences(spec({{"lr", "0.5"}}), spec({{"lr", "1e-05"}, {"arch", "\"bninception\""}}), settings);
  ASSERT_EQ(settings.size(), 3u);
  EXPECT_EQ(settings[0].key, "arch");
  EXPECT_EQ(settings[0].first, "-");
  EXPECT_EQ(settings[0].second, "bninception");
  EXPECT_EQ(settings[1].key, "lr");
  EXPECT_EQ(settings[1].pairs, 2);
  EXPECT_EQ(settings[2].second, "-");
}

TEST_F(DiffTest, FiguresStandSideBySideWithTheirDifference) {
  diff::Report report = sample_report();
  v1::QueryResultsReply first = sample_results(), second = sample_results();
  second.mutable_rows(0)->mutable_statistics(0)->set_best_mean(0.7);
  second.mutable_rows(1)->mutable_labels(1)->set_label("9");
  report.figures =
      diff::side_by_side({first.rows().begin(), first.rows().end()}, {second.rows().begin(), second.rows().end()});
  ASSERT_EQ(report.figures.size(), 2u) << "one row is in the first alone, and one has no figure";
  EXPECT_DOUBLE_EQ(report.figures[0].difference(), 0.7 - 0.65234);
  EXPECT_DOUBLE_EQ(report.figures[1].first, 0.31) << "distances have no best epoch";
  report.settings = {{"lr", "0.5", "1e-05", 1}};
  report.compared_pairs = 1;
  report.figures.resize(1);
  report.diff.common_axes = {"split", "criterion"};
  EXPECT_EQ(diff::diff_text(report, {}),
            "Sweep 3 smoke and sweep 5 again: 1 trial in both\n"
            "\nOnly in 3 smoke: 2 trials\n  2  split=2 seed=0\n  3  split=3 seed=0\n"
            "\nOnly in 5 again: 3 trials\n  4  split=2 seed=0\n  5  split=4 seed=0\n  6  split=4 seed=0\n"
            "\nSettings of trials at the same place (split, criterion), 1 pair\n"
            "SETTING  3 smoke  5 again  PAIRS\n"
            "lr       0.5      1e-05        1\n"
            "\nMeans, shares in %, difference second - first\n"
            "split  criterion  figure      n  3 smoke  n  5 again  difference\n"
            "1      r_margin   e_recall@1  2    65.23  2    70.00       +4.77\n");
  EXPECT_EQ(diff::diff_json(report)["figures"][0]["first"]["mean"], 0.65234);
}

TEST_F(DiffTest, TheCommandReadsBothSweepsTheSpecificationsOfPairsAndTheirTables) {
  v1::GetReply& page = service_.get_pages[0];
  *page.mutable_sweep() = sample_sweep("finished", 1, 0, 0, 0);
  page.add_axes()->set_axis("split");
  page.add_axes()->set_axis("seed");
  page.add_axes()->set_axis("group");
  *page.add_trials() = trial(1, 'a', {{"split", "1"}, {"seed", "0"}});
  service_.results_reply = sample_results();
  const Outcome outcome = run({"diff", "smoke", "3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("Sweep 3 smoke and sweep 3 smoke: 1 trial in both\n\nMeans")) << outcome.out;
  ASSERT_EQ(service_.queries.size(), 2u);
  EXPECT_EQ(service_.queries[0].by_size(), 1) << "without seed and group";
  EXPECT_EQ(service_.queries[0].metrics(0), "e_recall@1");
  EXPECT_EQ(Json::parse(run({"diff", "smoke", "3", "-o", "json"}).out)["shared_trials"], 1);
}

TEST_F(DiffTest, WithoutAWordItComparesWhatBothSweepsMeasure) {
  v1::GetReply& page = service_.get_pages[0];
  *page.mutable_sweep() = sample_sweep("finished", 1, 0, 0, 0);
  page.add_axes()->set_axis("split");
  *page.add_trials() = trial(1, 'a', {{"split", "1"}});
  service_.results_reply = sample_results();
  service_.unknown_metrics = {"e_recall@1"};
  const Outcome few_shot = run({"diff", "smoke", "3"});
  EXPECT_EQ(few_shot.code, 0) << few_shot.err;
  EXPECT_EQ(service_.queries.back().metrics(0), "few_shot.e_recall@1");
  service_.unknown_metrics = {"e_recall@1", "few_shot.e_recall@1"};
  const Outcome program = run({"diff", "smoke", "3"});
  EXPECT_EQ(program.code, 0) << program.err;
  EXPECT_EQ(service_.queries.back().metrics_size(), 0) << "all of the test set";
  EXPECT_EQ(run({"diff", "smoke", "3", "--metric", "e_recall@1"}).code, 2) << "what was asked for is not replaced";
}

}  // namespace
}  // namespace oodml::cli
