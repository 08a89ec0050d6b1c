// `oodml report` from its words to its folder, against canned courses.

#include "coordinator/cli/report/read_runs.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class ReportCommandTest : public CliTest {
 protected:
  /// Two methods on two splits, in two pages.
  ReportCommandTest() {
    service_.course_pages = {page({{1, "ArcFace", "1", 10, 0.8}, {2, "ArcFace", "2", 20, 0.6}}, 2),
                             page({{3, "S2SD", "1", 10, 0.9}, {4, "S2SD", "2", 20, 0.8}}, 0)};
  }

  struct Trial {
    std::int64_t id;
    const char* criterion;
    const char* split;
    double fid, recall;
  };

  static v1::ReadCoursesReply page(const std::vector<Trial>& trials, std::int64_t next) {
    v1::ReadCoursesReply page;
    page.mutable_sweep()->set_sweep_id(3);
    page.mutable_sweep()->set_name("study");
    page.mutable_sweep()->set_state("finished");
    page.mutable_sweep()->set_trials(4);
    page.mutable_sweep()->mutable_counts()->set_succeeded(4);
    for (const char* axis : {"split", "criterion", "seed"}) page.add_axes(axis);
    page.add_figures("test:fid");
    page.add_figures("test:e_recall@1");
    for (const Trial& trial : trials) {
      v1::TrialCourses& entry = *page.add_trials();
      entry.set_trial_id(trial.id);
      add_labels(entry, {{"split", trial.split}, {"criterion", trial.criterion}, {"seed", "0"}});
      entry.set_state("succeeded");
      entry.set_benchmark("birds");
      entry.set_split(trial.split);
      entry.set_criterion("margin");
      entry.set_recipe("oodml");
      for (const auto& [figure, epoch, value] : {std::tuple{0, 0, trial.fid}, std::tuple{1, 1, trial.recall}}) {
        v1::Course& course = *entry.add_courses();
        course.set_figure(figure);
        course.add_epochs(epoch);
        course.add_values(value);
      }
    }
    page.set_next_after_trial_id(next);
    return page;
  }

  std::string report_ = (folder_ / "report").string();
};

TEST_F(ReportCommandTest, WritesTheReportAndSaysWhatIsMissing) {
  const Outcome outcome = run({"report", "study", "--kind", "oodml", "-o", report_});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find(report_ + "/index.html"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("Missing: birds has one seed a method"), std::string::npos) << outcome.err;
  for (const char* name : {"index.html", "recall_over_fid.svg", "ags.pdf", "recall_birds.tex", "runs.csv"})
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(report_) / name)) << name;
  ASSERT_EQ(service_.course_reads.size(), 2u);
  EXPECT_EQ(service_.course_reads[0].sweep().name(), "study");
  EXPECT_EQ(service_.course_reads[0].figures(0), "test:*");
  EXPECT_EQ(service_.course_reads[1].sweep().sweep_id(), 3) << "the same sweep, whatever its name means by then";
  EXPECT_EQ(service_.course_reads[1].after_trial_id(), 2);
}

TEST_F(ReportCommandTest, TheKindFollowsFromTheRecipe) {
  EXPECT_EQ(run({"report", "study", "-o", report_}).code, 0);
  EXPECT_EQ(service_.course_reads[0].figures(0), "test:e_recall@1") << "keys first";
}

TEST_F(ReportCommandTest, StrictEndsWithThreeWhereSomethingIsMissing) {
  EXPECT_EQ(run({"report", "study", "--kind", "oodml", "-o", report_, "--strict"}).code, 3);
}

TEST_F(ReportCommandTest, JsonNamesWhatWasWritten) {
  const Outcome outcome = run({"--output", "json", "report", "study", "--kind", "oodml", "-o", report_});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["kind"], "oodml");
  EXPECT_EQ(json["drawn"], true);
  EXPECT_EQ(json["page"], report_ + "/index.html");
  EXPECT_FALSE(json["missing"].empty());
}

TEST_F(ReportCommandTest, WrongWordsAreToldBeforeAnythingIsRead) {
  EXPECT_EQ(run({"report", "study", "--kind", "odml", "-o", report_}).code, 2);
  EXPECT_EQ(run({"report", "study", "--kind", "oodml"}).code, 2) << "-o is wanted";
  EXPECT_EQ(run({"report", "study", "-o", report_, "--choose", "best"}).code, 2);
  EXPECT_EQ(run({"report", "study", "-o", report_, "--default-split", "3"}).code, 2);
  EXPECT_EQ(run({"report", "study", "-o", report_, "--splits", "none.csv"}).code, 5);
  EXPECT_TRUE(service_.course_reads.empty());
  const std::string file = write("thesis", "years");
  EXPECT_NE(run({"report", "study", "-o", file}).err.find("is a file"), std::string::npos);
}

TEST_F(ReportCommandTest, AnUnknownBaselineIsToldWithTheMethods) {
  const Outcome outcome = run({"report", "study", "--kind", "oodml", "-o", report_, "--baseline", "Margin"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("ArcFace, S2SD"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(report_));
}

TEST_F(ReportCommandTest, ASweepTwiceIsOneSweep) {
  service_.course_pages = {page({{1, "ArcFace", "1", 10, 0.8}, {2, "ArcFace", "2", 20, 0.6}}, 0)};
  ASSERT_EQ(run({"report", "study", "3", "--kind", "oodml", "-o", report_}).code, 0);
  std::ifstream table(report_ + "/recall_birds.csv");
  const std::string text{std::istreambuf_iterator<char>(table), {}};
  EXPECT_NE(text.find(",1/1\n"), std::string::npos) << text;
}

TEST(NameMethodsTest, AreTheLabelsThatTellRunsApart) {
  std::vector<report::Run> runs(2);
  runs[0].labels = {{"criterion", "a"}, {"lr", "1"}, {"arch", "r50"}, {"split", "1"}, {"seed", "0"}};
  runs[1].labels = {{"criterion", "b"}, {"lr", "2"}, {"arch", "r50"}, {"split", "2"}, {"seed", "1"}};
  report::name_methods(runs);
  EXPECT_EQ(runs[0].method, "a, 1");
  runs[1].labels["criterion"] = "a";
  runs[1].labels["lr"] = "1";
  report::name_methods(runs);
  EXPECT_EQ(runs[1].method, "a") << "the criterion's label where nothing differs";
  runs[0].labels.erase("criterion");
  runs[0].criterion = runs[1].criterion = "margin";
  runs[1].labels.erase("criterion");
  report::name_methods(runs);
  EXPECT_EQ(runs[0].method, "margin");
}

}  // namespace
}  // namespace oodml::cli
