#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/splits/split_file.h"
#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

/// Six classes of four rows each, class number i around (3 i, i mod 2, 0).
std::string rows_of_six_classes() {
  std::string text;
  for (int row = 0; row < 24; ++row) {
    const int number = row / 4;
    const double by = 0.1 * (row % 4);
    text += std::to_string(3 * number + by) + "," + std::to_string(number % 2 - by) + "," + std::to_string(by * by) +
            "," + std::string(1, static_cast<char>('a' + number)) + "\n";
  }
  return text;
}

splits::SplitFile three_splits() {
  return {.benchmark = "letters",
          .splits = {{.id = "near", .train = {"a", "c", "e"}, .test = {"b", "d", "f"}, .fid = 1.5},
                     {.id = "own", .train = {"c", "b", "a"}, .test = {"d", "e", "f"}, .fid = 20.0},
                     {.id = "4", .train = {"a", "d"}, .test = {"e", "f"}, .fid = 31.0},
                     {.id = "far", .train = {"a", "b"}, .test = {"e", "f"}}}};
}

class MapSplitsTest : public ::testing::Test {
 protected:
  MapSplitsTest() {
    write_text(folder_ / "splits.json", splits::to_json(three_splits()));
    write_text(folder_ / "rows.csv", rows_of_six_classes());
  }

  std::string file(const std::string& name) { return (folder_ / name).string(); }
  Output map(Names words) {
    words.insert(words.begin(), {program("oodml-core"), "splits", "map"});
    return run(words);
  }
  /// Of splits.json and rows.csv into `folder`.
  Output map_rows(const std::string& folder, const Names& more) {
    Names words = {file("splits.json"), "--features", file("rows.csv"), "-o", file(folder)};
    words.insert(words.end(), more.begin(), more.end());
    return map(words);
  }
  Json index(const std::string& folder) { return Json::parse(read_text(folder_ / folder / "maps.json")); }
  Names lines(const std::string& name) {
    std::istringstream text(read_text(folder_ / name));
    Names all;
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(MapSplitsTest, TheEasyTheDefaultAndTheHardSplitAreDrawnOnOneMap) {
  const Output output = map_rows("maps", {"--method", "pca"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_EQ(output.err.find('\r'), std::string::npos) << "no terminal, no line that is redrawn";
  EXPECT_NE(output.out.find("6 classes by pca, trustworthiness 1.0000 of 2 neighbours"), std::string::npos)
      << output.out;

  const Json maps = index("maps");
  EXPECT_EQ(maps["benchmark"], "letters");
  EXPECT_EQ(maps["method"], "pca");
  EXPECT_EQ(maps["points"], 6);
  EXPECT_EQ(maps["splits"].size(), 3U);
  EXPECT_EQ(maps["splits"][0]["role"], "easy");
  EXPECT_EQ(maps["splits"][1]["id"], "own");
  EXPECT_EQ(maps["splits"][1]["role"], "default") << "the first half of the names trains";
  EXPECT_EQ(maps["splits"][1]["fid"], 20.0);
  EXPECT_EQ(maps["splits"][2]["role"], "hard");
  EXPECT_TRUE(maps["splits"][2]["fid"].is_null());
  EXPECT_EQ(maps["splits"][2]["points"], (Json{{"train", 2}, {"test", 2}, {"removed", 2}}));

  const Names near = lines("maps/map_near.csv"), far = lines("maps/map_far.csv");
  ASSERT_EQ(near.size(), 7U);
  EXPECT_EQ(near[0], "class,x,y,side");
  EXPECT_TRUE(near[3].starts_with("c,") && near[3].ends_with(",train")) << near[3];
  EXPECT_TRUE(far[3].starts_with("c,") && far[3].ends_with(",removed")) << far[3];
  EXPECT_EQ(near[3].substr(0, near[3].rfind(',')), far[3].substr(0, far[3].rfind(','))) << "one map for all splits";
}

TEST_F(MapSplitsTest, PicturesLieBesideTheTables) {
  ASSERT_EQ(map_rows("maps", {}).exit_code, 0);
  const Json maps = index("maps");
  Names pictures = {maps["pictures"]["pdf"], maps["pictures"]["svg"]};
  for (const Json& split : maps["splits"]) {
    pictures.insert(pictures.end(), {split["pictures"]["pdf"], split["pictures"]["svg"], split["csv"]});
  }
  for (const std::string& name : pictures) {
    EXPECT_GT(std::filesystem::file_size(folder_ / "maps" / name), 100U) << name;
  }
  EXPECT_NE(read_text(folder_ / "maps/picture_all.svg").find("Split own (default), FID 20.0"), std::string::npos);
}

TEST_F(MapSplitsTest, WithoutGnuplotTheRestIsThere) {
  const Output output = run({"/usr/bin/env", "OODML_GNUPLOT=/nowhere/gnuplot", program("oodml-core"), "splits", "map",
                             file("splits.json"), "--features", file("rows.csv"), "-o", file("maps")});
  EXPECT_NE(output.exit_code, 0);
  EXPECT_NE(output.err.find("gnuplot"), std::string::npos) << output.err;
  EXPECT_TRUE(index("maps")["pictures"].empty());
  EXPECT_EQ(lines("maps/map_near.csv").size(), 7U);
}

TEST_F(MapSplitsTest, ImagesAreDrawnByTheSeedAndNamedByTheirRows) {
  const Names words = {"--what", "images", "--max-images", "15", "--split", "far,near"};
  ASSERT_EQ(map_rows("one", words).exit_code, 0);
  ASSERT_EQ(map_rows("two", words).exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "one/map_far.csv"), read_text(folder_ / "two/map_far.csv"));
  Names other = words;
  other.insert(other.end(), {"--seed", "1"});
  ASSERT_EQ(map_rows("three", other).exit_code, 0);
  EXPECT_NE(read_text(folder_ / "one/map_far.csv"), read_text(folder_ / "three/map_far.csv"));

  const Names rows = lines("one/map_near.csv");
  ASSERT_EQ(rows.size(), 16U);
  EXPECT_EQ(rows[0], "class,image,x,y,side");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const int row = std::stoi(rows[i].substr(2));
    EXPECT_EQ(rows[i][0], 'a' + (row - 1) / 4) << rows[i];
  }
  const Json maps = index("one");
  EXPECT_EQ(maps["splits"][0]["id"], "far") << "in the order asked for";
  EXPECT_EQ(maps["umap"], (Json{{"neighbours", 15}, {"min_dist", 0.1}, {"metric", "euclidean"}}));
}

TEST_F(MapSplitsTest, ABackboneMapsWhatItsStoredFeaturesDo) {
  TinyTrial tiny;
  const std::string root = tiny.places().benchmarks_root.string();
  const Names backbone = {"--benchmark", "tiny",       "--root",   root, "--layout",    "image_folder",
                          "--arch",      "small_conv", "--resize", "18", "--crop-size", "16"};
  Names made = {program("oodml-core"),
                "splits",
                "create",
                "--count",
                "2",
                "--iterations",
                "4",
                "--removal-iterations",
                "0",
                "--episodes",
                "0",
                "--save-features",
                file("means.safetensors"),
                "-o",
                (tiny.benchmark() / "splits.json").string()};
  made.insert(made.end(), backbone.begin(), backbone.end());
  ASSERT_EQ(run(made).exit_code, 0);
  Names words = backbone;
  words.insert(words.end(), {"--method", "pca", "-o", file("maps")});
  const Output embedded = map(words);
  ASSERT_EQ(embedded.exit_code, 0) << embedded.err;
  EXPECT_EQ(index("maps")["features"], "small_conv");
  EXPECT_EQ(index("maps")["splits"][0]["role"], "default");

  words.back() = file("again");
  words.insert(words.end(), {"--features", file("means.safetensors")});
  ASSERT_EQ(map(words).exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "maps/map_1.csv"), read_text(folder_ / "again/map_1.csv"));

  words = backbone;
  words.insert(words.end(),
               {"--what", "images", "--max-images", "20", "--images-per-class", "4", "-o", file("images")});
  const Output images = map(words);
  ASSERT_EQ(images.exit_code, 0) << images.err;
  const Names rows = lines("images/map_1.csv");
  EXPECT_EQ(rows.size(), 21U);
  EXPECT_NE(rows[1].find(".png,"), std::string::npos) << rows[1];
}

TEST_F(MapSplitsTest, WhatCannotBeMappedIsRefusedBeforeAnythingIsWritten) {
  const auto refusal = [&](const Names& words) {
    const Output output = map_rows("refused", words);
    EXPECT_EQ(output.exit_code, 2) << output.out;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "refused"));
    return output.err;
  };
  EXPECT_NE(refusal({"--split", "near,7"}).find("no split '7' in the file; known: near, own, 4, far"),
            std::string::npos);
  EXPECT_NE(refusal({"--split", "near,near"}).find("near twice"), std::string::npos);
  EXPECT_NE(refusal({"--method", "tsne"}).find("umap"), std::string::npos);
  write_text(folder_ / "rows.csv", "1,2,a\n3,4,b\n5,6,z\n");
  EXPECT_NE(refusal({}).find("rows.csv: no features of 4 of the 6 classes of the splits: c, d, e, f"),
            std::string::npos);
  write_text(folder_ / "rows.csv", "1,2,x\n3,4,y\n5,6,z\n");
  EXPECT_NE(refusal({}).find("none of its labels (x, y, z) is a class of the splits (a, b, c and 3 more)"),
            std::string::npos);
  write_text(folder_ / "rows.csv", "1,nan,a\n3,4,b\n");
  EXPECT_NE(refusal({}).find("rows.csv"), std::string::npos);
  write_text(folder_ / "rows.csv", rows_of_six_classes());
  const Output no_folder = map_rows("splits.json", {});
  EXPECT_NE(no_folder.exit_code, 0);
  EXPECT_EQ(no_folder.out, "") << "nothing was written";
  const Output nothing = map({});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_NE(nothing.err.find("needs --benchmark, or a split file and a file of features"), std::string::npos);
}

TEST_F(MapSplitsTest, MapsAreNotWrittenOverUnasked) {
  ASSERT_EQ(map_rows("maps", {}).exit_code, 0);
  const Output again = map_rows("maps", {"--method", "pca"});
  EXPECT_NE(again.err.find("maps.json exists; name another folder with -o, or write over it with --force"),
            std::string::npos);
  EXPECT_EQ(index("maps")["method"], "umap");
  EXPECT_EQ(map_rows("maps", {"--method", "pca", "--force"}).exit_code, 0);
  EXPECT_EQ(index("maps")["method"], "pca");
}

}  // namespace
}  // namespace oodml::testing
