// What a report reads beside the sweep: split files, progressions, maps.

#include <gtest/gtest.h>

#include <fstream>

#include "coordinator/cli/report/maps_section.h"
#include "coordinator/cli/report/published_splits.h"
#include "coordinator/cli/report/split_points.h"
#include "tests/coordinator/cli/report/shift_runs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::report {
namespace {

class FilesTest : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  testing::TemporaryFolder folder_;
};

constexpr const char* kHeading = "run,key,swaps,fid,train,test,moved_to_test,moved_to_train,removed,id\n";

TEST_F(FilesTest, AProgressionGivesExchangesAndRemovals) {
  const auto points =
      read_split_points("cub200=" + write("p.csv", std::string(kHeading) + "inverse,-2,2,8.5,10,10,2,2,0,1\n"
                                                                           "forward,0,0,12,10,10,0,0,0,2\n"
                                                                           "removal,R4,4,40.25,8,8,6,6,4,\n"));
  ASSERT_TRUE(points) << points.error().text();
  ASSERT_EQ(points->size(), 3u);
  EXPECT_EQ((*points)[0].iteration, -2.0);
  EXPECT_EQ((*points)[0].benchmark, "cub200");
  EXPECT_TRUE((*points)[1].is_default);
  EXPECT_EQ((*points)[1].id, "2");
  EXPECT_TRUE((*points)[2].removes_classes);
  EXPECT_EQ((*points)[2].fid, 40.25);
  EXPECT_EQ((*points)[2].id, "");
}

TEST_F(FilesTest, ABrokenProgressionNamesTheLine) {
  const std::string file = write("p.csv", std::string(kHeading) + "forward,0,0,12,10,10,0,0,0,2\nforward,1\n");
  EXPECT_NE(read_split_points(file).error().message().find("p.csv:3"), std::string::npos);
  const std::string words = write("q.csv", std::string(kHeading) + "forward,0,none,12,10,10,0,0,0,2\n");
  EXPECT_EQ(read_split_points(words).error().code(), StatusCode::kInvalidArgument);
}

TEST_F(FilesTest, ASplitFileGivesItsFidsAndWhatLeavesClassesOut) {
  const std::string file = write("splits.json", R"({"version": 1, "benchmark": "birds", "splits": {
        "1": {"train": ["a", "b"], "test": ["c", "d"], "fid": 3.5},
        "2": {"train": ["a"], "test": ["d"], "fid": 9.5},
        "3": {"train": ["b"], "test": ["d"]}}})");
  const auto points = read_split_points(file);
  ASSERT_TRUE(points) << points.error().text();
  ASSERT_EQ(points->size(), 2u) << "those with a FID";
  EXPECT_EQ((*points)[0].benchmark, "birds");
  EXPECT_FALSE((*points)[0].removes_classes);
  EXPECT_TRUE((*points)[1].removes_classes);
  EXPECT_EQ(read_split_points((folder_ / "none.json").string()).error().code(), StatusCode::kNotFound);
}

TEST_F(FilesTest, PublishedSplitsAreKnownByIdAndFid) {
  EXPECT_EQ(published_split("cub200", "1", 19.16)->iteration, -20);
  EXPECT_EQ(published_split("cars196", "6", 86.48)->removes_classes, true) << "as the program lists it, too";
  EXPECT_EQ(published_split("cub200", "1", 25.0), nullptr);
  EXPECT_EQ(published_split("cub200", "1", std::nullopt), nullptr);
  EXPECT_EQ(published_split("birds", "1", 19.16), nullptr);
}

TEST_F(FilesTest, MapsAreTakenByTheirIndex) {
  write("a.svg", "<svg/>");
  write("maps.json", R"({"maps": [{"name": "a", "caption": "easy", "files": ["a.svg", "a.pdf", "../a.svg"]}]})");
  const auto section = maps_section(folder_.path());
  ASSERT_TRUE(section) << section.error().text();
  ASSERT_EQ(section->pictures.size(), 1u);
  EXPECT_EQ(section->pictures[0].name, "map_a");
  EXPECT_EQ(section->pictures[0].files, std::vector<std::filesystem::path>{folder_ / "a.svg"});
  EXPECT_TRUE(mentions(section->missing, "a.pdf"));
  EXPECT_TRUE(mentions(section->missing, "../a.svg")) << "files of that folder only";
}

TEST_F(FilesTest, WithoutAnIndexThereAreNoMaps) {
  EXPECT_EQ(maps_section(folder_.path()).error().code(), StatusCode::kNotFound);
  write("maps.json", "[1]");
  EXPECT_EQ(maps_section(folder_.path()).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::cli::report
