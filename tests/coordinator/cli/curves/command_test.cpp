#include <filesystem>

#include "coordinator/cli/curves/chart_reader.h"
#include "tests/coordinator/cli/cli_fixture.h"
#include "tests/coordinator/cli/curves/curve_samples.h"

namespace oodml::cli {
namespace {

class CurvesCommandTest : public CliTest {
 protected:
  /// Sweep 3 with two rows of one trial each, of which the first has three epochs of loss and nmi.
  void serve_sweep(const std::string& state) {
    service_.results_reply = sample_results();
    service_.results_reply.mutable_sweep()->set_state(state);
    service_.results_reply.mutable_rows()->DeleteSubrange(2, 1);
    v1::GetReply& page = service_.get_pages[0];
    *page.mutable_sweep() = service_.results_reply.sweep();
    *page.add_trials() = sample_trial(7, "succeeded", {{"criterion", "r_margin"}, {"split", "1"}, {"seed", "0"}});
    *page.add_trials() = sample_trial(8, "failed", {{"criterion", "triplet"}, {"split", "1"}, {"seed", "0"}});
    serve_figures(7);
  }
  void serve_trial(const std::string& state) {
    *service_.trial_reply.mutable_trial() = sample_trial(7, state, {{"criterion", "margin"}});
    serve_figures(7);
  }
  void serve_figures(std::int64_t trial) {
    add_course(service_.metric_pages[0], trial, "train", "loss", 1, {1.0, 0.5, 0.25});
    add_course(service_.metric_pages[0], trial, "test", "nmi", 1, {0.25, 0.5, 0.75});
  }
};

TEST_F(CurvesCommandTest, ATrialIsDrawnFromTheFiguresOfItsEpochs) {
  serve_trial("succeeded");
  const Outcome outcome = run({"curves", "trial", "7", "--metric", "train:loss,nmi"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(
      outcome.out.starts_with("Trial 7 criterion=margin: succeeded. Across: epochs.\ntrain:loss  0.2500 at epoch "
                              "3\n"))
      << outcome.out;
  EXPECT_NE(outcome.out.find("\nnmi, %  75.00 at epoch 3\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("⡠"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(service_.metric_reads[0].trial_id(), 7);
  EXPECT_NE(run({"curves", "trial", "7", "--plain"}).out.find("+**"), std::string::npos);
}

TEST_F(CurvesCommandTest, ASweepIsDrawnByTheRowsOfItsTable) {
  serve_sweep("finished");
  const Outcome outcome = run({"curves", "smoke", "--by", "criterion,split", "--filter", "split=1", "--sort", "-nmi"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("* r_margin, n 1/1   o triplet, n 0/1"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("1 trial failed or cancelled and in no mean"), std::string::npos) << outcome.out;
  ASSERT_EQ(service_.queries.size(), 1u);
  EXPECT_EQ(service_.queries[0].sweep().name(), "smoke");
  EXPECT_EQ(service_.queries[0].by_size(), 2);
  EXPECT_EQ(service_.queries[0].filter(0).label(), "1");
  EXPECT_EQ(service_.queries[0].sort(), "-nmi");
  EXPECT_EQ(service_.metric_reads.size(), 1u);  // of the failed trial nothing is asked
}

TEST_F(CurvesCommandTest, FollowingEndsWithTheInterruptAndSaysHowToComeBack) {
  serve_trial("running");
  interrupts_ = [n = 0]() mutable { return n++; };
  const Outcome outcome = run({"curves", "trial", "7", "-f"});
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.err, "Stopped watching; it goes on. Come back with: oodml curves trial 7 -f\n");
}

TEST_F(CurvesCommandTest, OfATrialThatRunsOnlyWhatIsNewIsRead) {
  serve_figures(7);
  add_course(service_.metric_pages.emplace_back(), 7, "test", "nmi", 4, {1.0});
  const auto client = Client::open({.address = service_.address(), .given = true});
  ASSERT_TRUE(client);
  curves::FigureReader figures;
  const curves::SeriesName nmi{"test", "nmi"};
  ASSERT_TRUE(figures.refresh(**client, sample_trial(7, "running", {})).ok());
  EXPECT_EQ(figures.of(7).course(nmi).size(), 3u);
  ASSERT_TRUE(figures.refresh(**client, sample_trial(7, "succeeded", {})).ok());
  EXPECT_EQ(figures.of(7).course(nmi).size(), 4u);
  ASSERT_TRUE(figures.refresh(**client, sample_trial(7, "succeeded", {})).ok());
  ASSERT_EQ(service_.metric_reads.size(), 2u);  // it has ended: nothing more is asked
  EXPECT_FALSE(service_.metric_reads[0].has_after());
  EXPECT_EQ(service_.metric_reads[1].after().sequence(), 6);
  ASSERT_TRUE(figures.refresh(**client, sample_trial(7, "running", {})).ok());  // it is run again, from nothing
  EXPECT_FALSE(service_.metric_reads[2].has_after());
  EXPECT_EQ(figures.of(7).course(nmi).size(), 1u);
}

TEST_F(CurvesCommandTest, FollowingWhatHasEndedDrawsItOnce) {
  serve_sweep("finished");
  const Outcome outcome = run({"curves", "3", "-f"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, run({"curves", "3"}).out);
}

TEST_F(CurvesCommandTest, APictureIsWrittenWithItsNumbersBeside) {
  serve_trial("succeeded");
  const std::filesystem::path file = folder_ / "figures" / "seven.svg";
  const Outcome outcome = run({"curves", "trial", "7", "--svg", file.string()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const char* ending : {".svg", ".pdf", ".csv", ".gp"}) {
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(file).replace_extension(ending))) << ending;
  }
  EXPECT_TRUE(outcome.err.starts_with("Wrote " + file.string())) << outcome.err;
}

TEST_F(CurvesCommandTest, CurvesSayWhatTheyWant) {
  serve_trial("succeeded");
  EXPECT_NE(run({"curves", "trial"}).err.find("oodml curves trial 17"), std::string::npos);
  EXPECT_NE(run({"curves", "smoke", "7"}).err.find("oodml curves trial 7"), std::string::npos);
  EXPECT_NE(run({"curves", "trial", "7", "--by", "split"}).err.find("a trial has one"), std::string::npos);
  EXPECT_NE(run({"curves", "trial", "7", "-o", "csv"}).err.find("oodml logs 7 -o csv"), std::string::npos);
  EXPECT_NE(run({"curves", "smoke", "-o", "json"}).out.find("oodml logs --sweep smoke -o json"), std::string::npos);
  EXPECT_NE(run({"curves", "trial", "7", "--svg", "a.png"}).err.find("ends in .svg"), std::string::npos);
  const Outcome unknown = run({"curves", "trial", "7", "--metric", "mni"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.err, "oodml: trial 7 has no metric 'mni'; it has train:loss, nmi; did you mean 'nmi'?\n");
}

}  // namespace
}  // namespace oodml::cli
