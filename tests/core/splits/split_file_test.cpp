#include "core/splits/split_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace oodml::splits {
namespace {

using Names = std::vector<std::string>;

/// A file with one split "3" of this body.
Result<SplitFile> parse(const std::string& body) {
  return parse_split_file(R"({"version": 1, "benchmark": "b", "splits": {"3": )" + body + "}}", "f.json");
}
std::string refusal(const std::string& body) {
  const auto file = parse(body);
  EXPECT_FALSE(file) << body;
  return file ? "" : file.error().message();
}

TEST(SplitFileTest, ReadsEveryField) {
  const auto file = parse(R"({"train": ["b", "a"], "test": ["c"], "fid": 8.5, "split_train": ["a"], "split_val": ["b"],
      "test_episodes": {"2": [{"c": ["1.jpg", "2.jpg"]}, {"c": ["3.jpg", "1.jpg"]}]}})");
  ASSERT_TRUE(file) << file.error().message();
  const Split* split = file->find("3");
  ASSERT_NE(split, nullptr);
  EXPECT_EQ(split->train, (Names{"b", "a"}));
  EXPECT_EQ(split->test, (Names{"c"}));
  EXPECT_EQ(split->fid, 8.5);
  EXPECT_EQ(split->split_val, (Names{"b"}));
  EXPECT_EQ(split->test_episodes.at(2).at(1).at("c"), (Names{"3.jpg", "1.jpg"}));
  EXPECT_EQ(file->find("1"), nullptr);
}

TEST(SplitFileTest, WhatIsWrittenReadsBackTheSame) {
  const auto file = parse(
      R"({"train": ["é", "a\"b"], "test": ["c"], "fid": 8.59123071237994, "test_episodes": {"1": [{"c": ["x"]}]}})");
  ASSERT_TRUE(file) << file.error().message();
  const std::string text = to_json(*file);
  const auto again = parse_split_file(text, "again");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(to_json(*again), text);
  EXPECT_EQ(again->splits[0].train, (Names{"é", "a\"b"}));
  EXPECT_EQ(again->splits[0].fid, 8.59123071237994);
}

TEST(SplitFileTest, PlacesOfWrongValuesAreNamed) {
  EXPECT_EQ(refusal(R"({"train": ["a", 7], "test": ["c"], "fid": null})"),
            "f.json: splits.3.train[1]: wants a name in quotes, not a number");
  EXPECT_EQ(refusal(R"({"train": "a", "test": ["c"], "fid": null})"),
            "f.json: splits.3.train: wants a list of names, not string");
  EXPECT_EQ(refusal(R"({"train": ["a"], "test": [], "fid": null})"), "f.json: splits.3.test: wants at least one class");
  EXPECT_EQ(refusal(R"({"train": ["a"], "test": ["b"], "fid": "x"})"),
            "f.json: splits.3.fid: wants a number or null, not string");
  EXPECT_EQ(refusal(R"({"train": ["a"], "test": ["b"]})"), "f.json: splits.3: lacks fid");
  EXPECT_NE(refusal(R"({"train": ["a"], "test": ["b"], "fid": null, "val": []})")
                .find("splits.3: unknown key 'val'; known: train, test"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"train": ["a\n"], "test": ["b"], "fid": null})").find("splits.3.train[0]: wants a name of"),
            std::string::npos);
  EXPECT_EQ(refusal("[]"), "f.json: splits.3: wants a map, not array");
}

TEST(SplitFileTest, ListsMustFitTogether) {
  EXPECT_EQ(refusal(R"({"train": ["a", "b", "a"], "test": ["c"], "fid": null})"),
            "f.json: splits.3.train[2]: 'a' is already at splits.3.train[0]; a name stands once in a list");
  EXPECT_EQ(refusal(R"({"train": ["a", "b"], "test": ["c", "b"], "fid": null})"),
            "f.json: splits.3.test[1]: 'b' is also at splits.3.train[1]; train and test share no class");
  const auto lists = [](const std::string& first, const std::string& second) {
    return refusal(R"({"train": ["a", "b", "d"], "test": ["c"], "fid": null, "split_train": )" + first +
                   R"(, "split_val": )" + second + "}");
  };
  EXPECT_EQ(
      lists(R"(["a", "b"])", R"(["D"])"),
      "f.json: splits.3.train[2]: 'd' is in neither split_train nor split_val; splits.3.split_val[0]: 'D' is not in "
      "train");
  EXPECT_NE(lists(R"(["a"])", R"(["b"])").find("splits.3.train[2]: 'd' is in neither"), std::string::npos);
  EXPECT_NE(
      lists(R"(["a", "b"])", R"(["b", "d"])").find("splits.3.split_val[0]: 'b' is also at splits.3.split_train[1]"),
      std::string::npos);
  EXPECT_NE(lists(R"(["a", "b", "d"])", R"(["c"])").find("splits.3.split_val[0]: 'c' is not in train"),
            std::string::npos);
  EXPECT_NE(lists(R"(["a", "b", "d"])", "[]").find("both are there or both left out"), std::string::npos);
}

TEST(SplitFileTest, EpisodesHaveTheirShotsOfTestClasses) {
  const auto episodes = [](const std::string& value) {
    return refusal(R"({"train": ["a"], "test": ["c"], "fid": null, "test_episodes": )" + value + "}");
  };
  EXPECT_NE(episodes(R"({"2": [{"c": ["1"]}]})").find("splits.3.test_episodes.2[0].c: 1 files, wants 2"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"2": [{"c": ["1", "1"]}]})").find("splits.3.test_episodes.2[0].c[1]: '1' is already at"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"1": [{"c": ["1"], "a": ["1"]}]})").find("splits.3.test_episodes.1[0]: 'a' is not in test"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"1": [{"c": ["1"]}, {}]})")
                .find("splits.3.test_episodes.1[1]: lacks 'c', which is at splits.3.test[0]; an episode has files of "
                      "every test class"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"1": [{"x": ["1"]}]})").find("splits.3.test[0]: 'c' has files in no episode"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"1": []})").find("splits.3.test_episodes.1: wants at least one episode"), std::string::npos);
  EXPECT_NE(episodes(R"({"1": [{"c": ["1"]}, ["c"]]})").find("splits.3.test_episodes.1[1]: some episodes name files"),
            std::string::npos);
  EXPECT_NE(episodes(R"({"two": []})").find("splits.3.test_episodes: 'two' wants to be a number of shots"),
            std::string::npos);
}

TEST(SplitFileTest, AnEpisodeOfClassesHasSomeOfTheTestClassesAndLeavesSomeToQuery) {
  const auto episodes = [](const std::string& value) {
    return refusal(R"({"train": ["a"], "test": ["c", "d"], "fid": null, "test_episodes": {"2": )" + value + "}}");
  };
  EXPECT_EQ(episodes(R"([["c"], []])"), "f.json: splits.3.test_episodes.2[1]: wants at least one class");
  EXPECT_EQ(episodes(R"([["c", "d"]])"),
            "f.json: splits.3.test_episodes.2[0]: has 2 of the 2 test classes; all images of an episode's classes are "
            "support, so that none are left to query");
  EXPECT_EQ(episodes("[[7, 8]]"), episodes(R"([["c", "d"]])")) << "ids need no names to be counted";
  EXPECT_EQ(episodes(R"([["c"], ["x"]])"), "f.json: splits.3.test_episodes.2[1][0]: 'x' is not in test");
}

TEST(SplitFileTest, AFidIsADistance) {
  const auto fid = [](const std::string& value) {
    return refusal(R"({"train": ["a"], "test": ["c"], "fid": )" + value + "}");
  };
  EXPECT_EQ(fid("-8.5"), "f.json: splits.3.fid: wants a number from 0 on, as it is a distance");
  EXPECT_EQ(fid("-1"), fid("-8.5"));
  EXPECT_TRUE(parse(R"({"train": ["a"], "test": ["c"], "fid": 0})"));
}

TEST(SplitFileTest, KeysStandOnce) {
  EXPECT_EQ(refusal(R"({"train": ["a"], "train": ["b"], "test": ["c"], "fid": null})"),
            "f.json: splits.3.train: the key is there twice");
  EXPECT_EQ(refusal(R"({"train": ["a"], "test": ["b"], "fid": null, "test_episodes": {"1": [{"b": ["1"]},
      {"b": ["1"], "b": ["2"]}]}})"),
            "f.json: splits.3.test_episodes.1[1].b: the key is there twice");
  EXPECT_NE(parse_split_file(R"({"splits": {}, "splits": {}})", "f")
                .error()
                .message()
                .find("f: splits: the key is there twice"),
            std::string::npos);
}

TEST(SplitFileTest, HostileDocumentsAreRefusedQuickly) {
  EXPECT_NE(parse_split_file("{\"version\": 1,,}", "f").error().message().find("line 1, column 15"), std::string::npos);
  EXPECT_NE(parse_split_file(std::string(50'000'000, '['), "f").error().message().find("nested more than 8 levels"),
            std::string::npos);
  EXPECT_NE(parse_split_file(std::string((64 << 20) + 1, ' '), "f").error().message().find("larger than 64 MiB"),
            std::string::npos);
  EXPECT_FALSE(parse_split_file("", "f"));
  EXPECT_FALSE(parse_split_file("{\"version\": 1, \"benchmark\": \"\xFF\"}", "f"));
  EXPECT_NE(parse_split_file(R"({"version": 2, "benchmark": "b", "splits": {}})", "f")
                .error()
                .message()
                .find("version: wants 1"),
            std::string::npos);
  EXPECT_NE(parse_split_file(R"({"version": 1, "benchmark": "b", "splits": {}})", "f")
                .error()
                .message()
                .find("splits: wants a map"),
            std::string::npos);
  EXPECT_NE(parse_split_file(R"({"version": 1, "benchmark": "b", "splits": {"default": {}}})", "f")
                .error()
                .message()
                .find("'default' is no split id"),
            std::string::npos);
  for (const char* id : {"-1", ".1", "all", "1 2", "\u00e9", ""}) {
    const auto refused =
        parse_split_file(R"({"version": 1, "benchmark": "b", "splits": {")" + std::string(id) + R"(": {}}})", "f");
    EXPECT_NE(refused.error().message().find("is no split id; wants 1 to 64 of a-z"), std::string::npos) << id;
  }
  EXPECT_FALSE(parse(R"({"train": ["a"], "test": ["b"], "fid": 1e999})"));
}

TEST(SplitFileTest, FashionMnistHasItsFourIdsAndTheFirstIsTheDefaultRule) {
  const auto file = read_split_file(std::string(std::getenv("OODML_SOURCE")) + "/configs/splits/fashion_mnist.json");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->benchmark, "fashion_mnist");
  ASSERT_EQ(file->splits.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(file->splits[i].id, std::to_string(i + 1));
    EXPECT_FALSE(file->splits[i].split_val.empty());
  }
  EXPECT_EQ(file->splits[3].train, (Names{"t-shirt", "trouser", "pullover", "dress", "coat"}));
  EXPECT_EQ(file->splits[3].test, (Names{"sandal", "shirt", "sneaker", "bag", "ankle-boot"}));
}

TEST(SplitFileTest, ClassIdsAreIntegersFromOneOn) {
  const auto file =
      parse(R"({"train": ["a", "b"], "test": ["c", "d"], "fid": null, "split_train": [7], "split_val": [8],
      "test_episodes": {"2": [[9]]}})");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_TRUE(file->splits[0].validation_by_id);
  EXPECT_EQ(file->splits[0].split_val, (Names{"8"}));
  EXPECT_EQ(file->splits[0].episode_classes.at(2).at(0), (Names{"9"}));
  const auto ids = [](const std::string& list) {
    return refusal(R"({"train": ["a", "b"], "test": ["c"], "fid": null, "split_train": [7], "split_val": )" + list +
                   "}");
  };
  EXPECT_EQ(ids("[0]"), "f.json: splits.3.split_val[0]: wants a class id, an integer from 1 on");
  EXPECT_EQ(ids("[1.5]"), "f.json: splits.3.split_val[0]: wants a class id, an integer from 1 on");
  EXPECT_EQ(ids("[8, \"b\"]"), "f.json: splits.3.split_val[1]: wants a class id, an integer from 1 on");
  EXPECT_EQ(ids("[\"b\"]"),
            "f.json: splits.3.split_val[0]: 'b' is no class id like those of split_train; both hold names or both hold "
            "class ids");
}

TEST(SplitFileTest, WhatIsNeitherFormIsSaidSo) {
  EXPECT_EQ(parse_split_file("hello", "a/x_splits.pkl").error().message(),
            "a/x_splits.pkl: not a pickle of protocol 2 to 5, which begins with byte 0x80");
  EXPECT_EQ(
      parse_split_file("version https://git-lfs.github.com/spec/v1\n", "cub200_splits.pkl").error().message(),
      "cub200_splits.pkl: is a Git LFS pointer: the file itself was not fetched (git lfs pull), not a split file");
  EXPECT_EQ(parse_split_file("<!DOCTYPE html><html>", "splits.json").error().message(),
            "splits.json: is an HTML page, as servers send in place of a file, not a split file");
  EXPECT_NE(parse_split_file("hello", "splits.json").error().message().find("splits.json: parse error at line 1"),
            std::string::npos);
}

TEST(SplitFileTest, AMissingSplitsJsonIsThePublishedFileOfTheFolder) {
  const testing::TemporaryFolder root;
  const auto folder = root / "cars196";
  std::filesystem::create_directories(folder);
  EXPECT_EQ(split_file_in(folder), folder / "splits.json");
  std::ofstream(folder / "splits.pkl") << "x";
  EXPECT_EQ(split_file_in(folder), folder / "splits.pkl");
  std::ofstream(folder / "cars196_splits.pkl") << "x";
  EXPECT_EQ(split_file_in(folder), folder / "cars196_splits.pkl");
  EXPECT_EQ(split_file_in(folder, "mine.json"), folder / "mine.json");
  std::ofstream(folder / "splits.json") << "x";
  EXPECT_EQ(split_file_in(folder), folder / "splits.json");
}

TEST(SplitIdsTest, AreOnlyTheKeysDirectlyBelowSplits) {
  const auto ids = parse_split_ids(
      R"({"before": {"x": {"y": 1}},
          "splits": {"1": {"test_episodes": {"2": {"0": {"splits": {"9": 1}}}}}, "b": [{"z": 1}]},
          "after": {"w": {}}, "list": [{"splits": {"q": {}}}]})",
      "f");
  ASSERT_TRUE(ids) << ids.error().message();
  EXPECT_EQ(*ids, (Names{"1", "b"}));
}

TEST(SplitIdsTest, AKeyThatIsNoIdIsRefusedAsWithTheWholeFile) {
  EXPECT_EQ(
      parse_split_ids(R"({"splits": {"1": {}, "caf\u00e9": {}}})", "f").error().message(),
      "f: splits: 'caf\u00e9' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not beginning with - or . and not "
      "default or all");
}

TEST(SplitIdsTest, FailuresNameTheFile) {
  EXPECT_EQ(parse_split_ids(R"({"ids": {}})", "f").error().message(),
            "f: splits: wants a map from id to split, not empty");
  EXPECT_FALSE(parse_split_ids(R"({"splits": [1, 2]})", "f"));
  EXPECT_FALSE(parse_split_ids(std::string(100'000, '['), "f"));
  EXPECT_EQ(parse_split_ids("\x80\x03N.", "f").error().message(), "f: splits (byte 2): wants a dict, not None");
}

}  // namespace
}  // namespace oodml::splits
