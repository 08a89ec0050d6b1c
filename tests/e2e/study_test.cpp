#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> found;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) found.push_back(field);
  return found;
}

/// Mean at the last epoch by the labels in front and the metric, of a table in CSV with `labels` axes.
std::map<std::vector<std::string>, double> last_means(const std::string& csv, std::size_t labels) {
  std::map<std::vector<std::string>, double> means;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto values = fields(line);
    if (values.size() < labels + 9) continue;
    std::vector<std::string> key(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(labels));
    key.push_back(values[labels + 1]);
    means[key] = std::strtod(values[labels + 8].c_str(), nullptr);
  }
  return means;
}

class StudyTest : public ::testing::Test {
 protected:
  std::filesystem::path benchmarks() const { return folder_ / "benchmarks"; }

  TemporaryFolder folder_;
};

TEST_F(StudyTest, ImagesBecomeClassesSplitsTrialsAndAScoreOverTheShift) {
  const Output made = run({"/bin/bash", source("deploy/fashion_styles.sh"), benchmarks()},
                          {.environment = {{"IMAGES", "60"}, {"EPOCHS", "1"}, {"STYLES", "3"}, {"SPLITS", "5"}}},
                          std::chrono::minutes(5));
  ASSERT_EQ(made.exit_code, 0) << made.out << made.err;
  EXPECT_NE(read_text(benchmarks() / "fashion_styles/progression.csv").find("forward,2,2,"), std::string::npos);
  const Output shown = run({program("oodml"), "splits", "show", benchmarks() / "fashion_styles/splits.json"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;

  CoordinatorProgram coordinator(folder_.path());
  const Process worker = start_worker(coordinator, folder_.path(), benchmarks(), "worker");
  const Output submitted = oodml(coordinator, {"submit", source("tests/e2e/study.yaml")});
  ASSERT_EQ(submitted.exit_code, 0) << submitted.err;
  const Output watched = oodml(coordinator, {"watch", "study", "--wait"});
  ASSERT_EQ(watched.exit_code, 0) << watched.out << watched.err;

  const Output table =
      oodml(coordinator, {"results", "study", "--by", "split", "--metric", "fid,e_recall@1", "-o", "csv", "--strict"});
  ASSERT_EQ(table.exit_code, 0) << table.out << table.err;
  auto means = last_means(table.out, 1);
  double area = 0;
  for (int id = 2; id <= 5; ++id) {
    const std::string here = std::to_string(id), before = std::to_string(id - 1);
    const double step = means[{here, "fid"}] - means[{before, "fid"}];
    EXPECT_GT(step, 0) << table.out;
    area += step * (means[{here, "e_recall@1"}] + means[{before, "e_recall@1"}]) / 2;
  }
  const Output score =
      oodml(coordinator, {"results", "study", "--over", "split", "--metric", "e_recall@1", "-o", "csv", "--strict"});
  ASSERT_EQ(score.exit_code, 0) << score.out << score.err;
  // The mean of the seeds' areas is the area under their mean: the FIDs are the splits'.
  const double range = means[{"5", "fid"}] - means[{"1", "fid"}];
  auto scores = last_means(score.out, 2);
  EXPECT_NEAR((scores[{"fashion_styles", "multisimilarity", "AGS(e_recall@1)"}]), area / range, 1e-9) << score.out;

  const std::string report = folder_.path() / "report";
  const Output reported = oodml(coordinator, {"report", "study", "--kind", "oodml", "-o", report, "--splits",
                                              benchmarks() / "fashion_styles/progression.csv"});
  ASSERT_EQ(reported.exit_code, 0) << reported.out << reported.err;
  EXPECT_EQ(reported.err.find("fashion_styles, "), std::string::npos) << "a method has all splits:\n" << reported.err;
  const Output opened = run({"/bin/bash", source("tests/report/open_page.sh"), report});
  EXPECT_EQ(opened.exit_code, 0) << opened.out << opened.err;
}

}  // namespace
}  // namespace oodml::testing
