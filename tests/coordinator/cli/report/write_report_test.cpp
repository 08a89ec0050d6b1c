#include "coordinator/cli/report/write_report.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/base/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::report {
namespace {

class WriteReportTest : public ::testing::Test {
 protected:
  void TearDown() override { setenv("PATH", path_.c_str(), 1); }

  static Document document(const std::string& title = "Study") {
    Section section{.title = "Recall"};
    section.figures.push_back(
        {.name = "recall", .caption = "R@1", .panels = {{.series = {{.x = {1, 2}, .y = {3, 4}}}}}});
    section.tables.push_back({.name = "means", .caption = "R@1", .align = "l", .heading = {"m"}, .rows = {{"1"}}});
    section.data.push_back({.name = "runs", .caption = "all", .heading = {"m"}, .rows = {{"1"}}});
    return {.title = title, .sections = {section}};
  }
  std::string text(const std::string& name) const {
    const auto bytes = read_file(report_ / name, 1 << 24);
    return bytes ? *bytes : "";
  }

  const std::string path_ = std::getenv("PATH");
  testing::TemporaryFolder folder_;
  const std::filesystem::path report_ = folder_ / "deep" / "report";
};

TEST_F(WriteReportTest, WritesPicturesTablesAndOnePage) {
  const auto written = write_report(document(), {.kind = "oodml"}, report_);
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_TRUE(written->drawn.ok()) << written->drawn.text();
  for (const char* name : {"recall.svg", "recall.pdf", "recall.csv", "recall.gp", "means.csv", "means.tex", "runs.csv",
                           "index.html", "report.json"})
    EXPECT_FALSE(text(name).empty()) << name;
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(report_.parent_path()), {}), 1)
      << "nothing is left beside";
}

TEST_F(WriteReportTest, AnEarlierReportIsReplacedAsAWhole) {
  ASSERT_TRUE(write_report(document("One"), {}, report_));
  Document second = document("Two");
  second.sections[0].tables[0].name = "others";
  ASSERT_TRUE(write_report(second, {}, report_ / ""));
  EXPECT_NE(text("index.html").find("Two"), std::string::npos);
  EXPECT_TRUE(text("means.csv").empty()) << "files of the earlier report are gone";
}

TEST_F(WriteReportTest, FilesOfOthersAreKept) {
  ASSERT_TRUE(write_report(document(), {}, report_));
  std::ofstream(report_ / "notes.txt") << "mine";
  const auto again = write_report(document(), {}, report_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(again.error().message().find("notes.txt"), std::string::npos);
  EXPECT_EQ(text("notes.txt"), "mine");
}

TEST_F(WriteReportTest, ScriptsThatPeopleChangedAreKept) {
  ASSERT_TRUE(write_report(document(), {}, report_));
  std::ofstream(report_ / "recall.gp") << "restyled";
  const Status refused = check_target(report_);
  EXPECT_NE(refused.message().find("recall.gp"), std::string::npos);
  EXPECT_NE(refused.message().find("changed"), std::string::npos);
  std::ofstream(report_ / "recall.svg") << "drawn again";
  EXPECT_EQ(check_target(report_).message().find("recall.svg"), std::string::npos) << "pictures can be drawn again";
}

TEST_F(WriteReportTest, AFolderWithOtherThingsOrAFileIsRefused) {
  std::filesystem::create_directories(report_);
  EXPECT_TRUE(check_target(report_).ok()) << "an empty folder is taken";
  std::ofstream(report_ / "thesis.tex") << "years";
  EXPECT_EQ(check_target(report_).code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(check_target(report_ / "thesis.tex").message().find("is a file"), std::string::npos);
}

TEST_F(WriteReportTest, WithoutGnuplotAllButThePicturesIsThere) {
  setenv("PATH", folder_.path().c_str(), 1);
  const auto written = write_report(document(), {}, report_);
  ASSERT_TRUE(written) << written.error().text();
  EXPECT_NE(written->drawn.message().find("apt install gnuplot-nox"), std::string::npos);
  EXPECT_FALSE(text("recall.csv").empty());
  EXPECT_FALSE(text("means.tex").empty());
  EXPECT_EQ(text("index.html").find("recall.svg"), std::string::npos);
}

TEST_F(WriteReportTest, TwoPartsOfOneNameAreRefused) {
  Document twice = document();
  twice.sections[0].tables[0].name = "recall";
  EXPECT_EQ(write_report(twice, {}, report_).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::cli::report
