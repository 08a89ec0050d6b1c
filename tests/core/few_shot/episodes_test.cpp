#include "core/few_shot/episodes.h"

#include <gtest/gtest.h>

#include "tests/core/images/sample_images.h"
#include "tests/support/temporary_folder.h"

namespace oodml::few_shot {
namespace {

using oodml::testing::TemporaryFolder;

std::string png(int seed) { return images::png_bytes(images::patterned_image(20, 20, seed)); }

class EpisodesTest : public ::testing::Test {
 protected:
  Result<Episodes> open(std::int64_t shots, std::int64_t episodes, std::int64_t images_per_class = 0) {
    warnings_.clear();
    return open_episodes({.place = {.name = name_, .folder = folder_ / name_, .layout = layout_},
                          .split = "1",
                          .images_per_class = images_per_class},
                         shots, episodes, [&](std::string text) { warnings_.push_back(std::move(text)); });
  }
  std::vector<std::string> names(const Episodes& episodes, const std::vector<std::int64_t>& positions) {
    std::vector<std::string> found;
    for (const std::int64_t position : positions) {
      const std::string name =
          episodes.test->source->name(episodes.test->samples[static_cast<std::size_t>(position)].image);
      found.push_back(std::filesystem::path(name).lexically_relative(folder_ / name_).string());
    }
    return found;
  }

  TemporaryFolder folder_;
  std::string name_ = "birds", layout_ = "image_folder";
  std::vector<std::string> warnings_;
};

/// Classes a, b train, c, d test, five images each.
class FilesTest : public EpisodesTest {
 protected:
  FilesTest() {
    int seed = 0;
    for (const char* name : {"a", "b", "c", "d"}) {
      for (int n = 0; n < 5; ++n)
        folder_.write("birds/" + std::string(name) + "/" + std::to_string(n) + ".png", png(++seed));
    }
    // The list of test classes, not the alphabet, numbers them.
    folder_.write("birds/splits.json", R"({"version": 1, "benchmark": "birds", "splits": {"1": {
      "train": ["a", "b"], "test": ["d", "c"], "fid": 1.0, "split_train": ["a"], "split_val": ["b"], "test_episodes":
      {"2": [{"c": ["4.png", "0.png"], "d": ["1.png", "2.png"]}, {"c": ["1.png", "2.png"], "d": ["3.png", "0.png"]}],
       "3": [{"c": ["4.png", "0.png", "1.png"], "d": ["1.png", "2.png", "0.png"]}],
       "4": [{"c": ["4.png", "0.png", "1.png", "2.png"], "d": ["1.png", "2.png", "0.png", "3.png"]}]}}}})");
  }
};

TEST_F(FilesTest, SupportIsWhatTheEpisodeNamesAndQueryTheRestOfEachClass) {
  const auto opened = open(2, 10);
  ASSERT_TRUE(opened) << opened.error().message();
  ASSERT_EQ(opened->episodes.size(), 2U);
  EXPECT_EQ(names(*opened, opened->episodes[0].support),
            (std::vector<std::string>{"d/1.png", "d/2.png", "c/4.png", "c/0.png"}));
  EXPECT_EQ(names(*opened, opened->episodes[0].query),
            (std::vector<std::string>{"d/0.png", "d/3.png", "d/4.png", "c/1.png", "c/2.png", "c/3.png"}));
  const auto support = part_of(*opened->test, opened->episodes[0].support);
  EXPECT_EQ(support->class_names, (std::vector<std::string>{"d", "c"}));
  EXPECT_EQ(support->by_class, (std::vector<std::vector<std::int64_t>>{{0, 1}, {2, 3}}));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("has 2 episodes of 2 shots, few_shot.episodes asks for 10"), std::string::npos);
}

TEST_F(FilesTest, FewerEpisodesMayBeAskedForAndFewerQueries) {
  const auto opened = open(2, 1, /*images_per_class=*/3);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->episodes.size(), 1U);
  EXPECT_TRUE(warnings_.empty());
  EXPECT_EQ(names(*opened, opened->episodes[0].support).front(), "d/1.png");
  EXPECT_EQ(names(*opened, opened->episodes[0].query), (std::vector<std::string>{"d/0.png", "c/1.png", "c/2.png"}));
}

TEST_F(FilesTest, WhatTheFileOrTheDiskLacksIsNamed) {
  EXPECT_NE(open(5, 1).error().message().find(
                "splits.json: splits.1 has no episodes of 5 shots; it has some of 2, 3, 4 (few_shot.shots)"),
            std::string::npos)
      << open(5, 1).error().message();
  EXPECT_NE(
      open(4, 1).error().message().find("test_episodes.4[0], class 'c': 5 images leave fewer than two for queries"),
      std::string::npos)
      << open(4, 1).error().message();
  std::filesystem::remove(folder_ / "birds/d/2.png");
  EXPECT_NE(open(2, 10).error().message().find("test_episodes.2[0], class 'd': no image 2.png"), std::string::npos);
  EXPECT_TRUE(open(3, 1).error().message().contains("no image 2.png"));
}

TEST_F(FilesTest, AnUnreadableSupportImageIsRefusedAndAnUnreadableQueryLeftOut) {
  folder_.write("birds/d/0.png", "no image");
  const auto ask = [&] {
    return open_episodes(
        {.place = {.name = name_, .folder = folder_ / name_, .layout = layout_}, .split = "1", .skip_unreadable = true},
        2, 1, [&](std::string text) { warnings_.push_back(std::move(text)); });
  };
  const auto opened = ask();
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->episodes[0].query.size(), 5U);
  ASSERT_EQ(warnings_.size(), 1U);
  folder_.write("birds/d/1.png", "no image");
  EXPECT_NE(ask().error().message().find("the support image 1.png of class 'd' cannot be read"), std::string::npos)
      << ask().error().message();
}

TEST_F(EpisodesTest, OfClassesAllImagesAreSupportAndTheOtherClassesQuery) {
  name_ = "products";
  layout_ = "online_products";
  std::string train = "image_id class_id super_class_id path\n", test = train;
  int image = 0;
  for (int k = 1; k <= 5; ++k) {
    for (int n = 0; n < 2; ++n) {
      const std::string path = "fan_final/" + std::to_string(100 + k) + "_" + std::to_string(n) + ".png";
      folder_.write("products/images/" + path, png(++image));
      (k <= 2 ? train : test) += std::to_string(image) + " " + std::to_string(k) + " 1 " + path + "\n";
    }
  }
  folder_.write("products/Ebay_train.txt", train);
  folder_.write("products/Ebay_test.txt", test);
  // Class ids of the info files, as in the study's file; test classes are numbered by them.
  folder_.write("products/splits.json", R"({"version": 1, "benchmark": "products", "splits": {"1": {
    "train": ["101", "102"], "test": ["105", "103", "104"], "fid": 1.0, "split_train": [1], "split_val": [2],
    "test_episodes": {"2": [[4], [5, 3]]}}}})");
  const auto opened = open(2, 2);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->test->class_names, (std::vector<std::string>{"103", "104", "105"}));
  EXPECT_EQ(opened->episodes[0].support, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(opened->episodes[0].query, (std::vector<std::int64_t>{0, 1, 4, 5}));
  EXPECT_EQ(opened->episodes[1].support, (std::vector<std::int64_t>{0, 1, 4, 5}));
  const auto query = part_of(*opened->test, opened->episodes[0].query);
  EXPECT_EQ(query->class_names, (std::vector<std::string>{"103", "105"}));
  EXPECT_EQ(query->samples[2].label, 1);
}

}  // namespace
}  // namespace oodml::few_shot
