// What a report reads beside the sweep: split files, progressions, maps.

#include <gtest/gtest.h>

#include <fstream>

#include "coordinator/cli/report/shift/maps_section.h"
#include "coordinator/cli/report/shift/published_splits.h"
#include "coordinator/cli/report/shift/split_points.h"
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
        "3": {"train": ["b"], "test": ["d"], "fid": null}}})");
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

constexpr const char* kMaps = R"({"version": 1, "benchmark": "birds", "method": "umap", "what": "classes",
  "features": "resnet50", "weights": "imagenet", "trustworthiness": 0.97125,
  "pictures": {"pdf": "picture_all.pdf", "svg": "picture_all.svg"}, "splits": [
  {"id": "1", "role": "easy", "fid": 8.5, "csv": "map_1.csv", "pictures": {"pdf": "picture_1.pdf", "svg": "picture_1.svg"}},
  {"id": "2", "role": null, "fid": null, "csv": "../map_2.csv", "pictures": {"pdf": "gone.pdf", "svg": "gone.svg"}}]})";

TEST_F(FilesTest, MapsAreTakenByTheirIndex) {
  for (const char* name : {"picture_all.pdf", "picture_all.svg", "map_1.csv", "picture_1.pdf", "picture_1.svg"})
    write(name, "x");
  write("maps.json", kMaps);
  const auto section = maps_section(folder_.path());
  ASSERT_TRUE(section) << section.error().text();
  ASSERT_EQ(section->pictures.size(), 2u);
  EXPECT_EQ(section->pictures[0].name, "map_birds");
  EXPECT_EQ(section->pictures[0].caption,
            "Map of classes of birds by umap, features of resnet50 (imagenet), trustworthiness 0.971");
  EXPECT_EQ(section->pictures[0].files.size(), 2u);
  EXPECT_EQ(section->pictures[1].caption, "Split 1, easy, FID 8.5");
  EXPECT_EQ(section->pictures[1].files,
            (std::vector<std::filesystem::path>{folder_ / "picture_1.pdf", folder_ / "map_1.csv"}))
      << "shown in the picture of all";
  EXPECT_TRUE(mentions(section->missing, "gone.pdf"));
  EXPECT_TRUE(mentions(section->missing, "../map_2.csv")) << "files of that folder only";
}

TEST_F(FilesTest, MapsThatWereNotDrawnHaveTheirPoints) {
  write("map_1.csv", "x");
  write("maps.json",
        R"({"benchmark": "birds", "pictures": {}, "splits": [{"id": "1", "csv": "map_1.csv", "pictures": {}}]})");
  const auto section = maps_section(folder_.path());
  ASSERT_TRUE(section);
  EXPECT_EQ(section->pictures.at(0).files.size(), 1u);
  EXPECT_TRUE(mentions(section->missing, "install gnuplot"));
}

TEST_F(FilesTest, WithoutAnIndexThereAreNoMaps) {
  EXPECT_EQ(maps_section(folder_.path()).error().code(), StatusCode::kNotFound);
  write("maps.json", "[1]");
  EXPECT_EQ(maps_section(folder_.path()).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::cli::report
