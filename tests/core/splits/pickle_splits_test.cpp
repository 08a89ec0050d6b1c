#include "core/splits/pickle_splits.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/pickle/reader.h"
#include "tests/core/pickle/pickle_text.h"

namespace oodml::splits {
namespace {

using namespace pickled;
using Names = std::vector<std::string>;

Result<SplitFile> parse(const std::string& bytes) { return parse_split_file(bytes, "cub200_splits.pkl"); }

std::string refusal(const std::string& bytes) {
  const auto file = parse(bytes);
  EXPECT_FALSE(file);
  return file ? "" : file.error().message();
}
/// The refusal of the small file with these further keys in its split.
std::string refusal_with(const std::string& key, const std::string& value) {
  return refusal(small_split_file({{key, value}}));
}

TEST(PickleSplitsTest, EveryKeyBecomesOurs) {
  const auto episode = [](const std::string& of_c, const std::string& of_d) {
    return dict({{text("c"), texts({of_c})}, {text("d"), texts({of_d})}});
  };
  const std::string episodes = dict({{integer(1), episode("3.jpg", "4.jpg")}, {integer(0), episode("1.jpg", "2.jpg")}});
  const auto file = parse(small_split_file(
      {{"split_train", texts({"a"})}, {"split_val", texts({"b"})}, {"test_episodes", dict({{integer(1), episodes}})}}));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->benchmark, "cub200");
  ASSERT_EQ(file->splits.size(), 1U);
  const Split& split = file->splits[0];
  EXPECT_EQ(split.id, "1");
  EXPECT_EQ(split.train, (Names{"a", "b"}));
  EXPECT_EQ(split.test, (Names{"c", "d"}));
  EXPECT_EQ(split.fid, 8.5);
  EXPECT_EQ(split.split_train, (Names{"a"}));
  EXPECT_EQ(split.split_val, (Names{"b"}));
  EXPECT_EQ(split.test_episodes.at(1).at(0).at("d"), (Names{"2.jpg"}));
  EXPECT_EQ(split.test_episodes.at(1).at(1).at("c"), (Names{"3.jpg"}));
  const auto again = parse_split_file(to_json(*file), "again.json");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, *file);
}

TEST(PickleSplitsTest, ClassIdsOfOnlineProductsStayNumbers) {
  const std::string set = "\x8F(" + integer(11319) + "\x90";
  const auto file = parse(small_split_file({{"split_train", list({integer(2)})},
                                            {"split_val", list({scalar(dtype("i8", -1), little(7, 8))})},
                                            {"test_episodes", dict({{integer(2), dict({{integer(0), set}})}})}}));
  ASSERT_TRUE(file) << file.error().message();
  const Split& split = file->splits[0];
  EXPECT_TRUE(split.validation_by_id);
  EXPECT_TRUE(split.episodes_by_id);
  EXPECT_EQ(split.split_train, (Names{"2"}));
  EXPECT_EQ(split.split_val, (Names{"7"}));
  EXPECT_EQ(split.episode_classes.at(2).at(0), (Names{"11319"}));
  const std::string json = to_json(*file);
  EXPECT_NE(json.find("\"split_val\": [7]"), std::string::npos) << json;
  EXPECT_EQ(*parse_split_file(json, "again.json"), *file);
}

TEST(PickleSplitsTest, EpisodesMayNameClassesWithoutFiles) {
  const std::string episodes = dict({{integer(0), texts({"d"})}});
  const auto file = parse(small_split_file({{"test_episodes", dict({{integer(2), episodes}})}}));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->splits[0].episode_classes.at(2).at(0), (Names{"d"}));
  EXPECT_EQ(*parse_split_file(to_json(*file), "again.json"), *file);
}

TEST(PickleSplitsTest, TheBenchmarkIsThatOfTheFilesName) {
  const auto named = [](const char* name) { return parse_split_file(small_split_file(), name)->benchmark; };
  EXPECT_EQ(named("/data/online_products_splits.pkl"), "online_products");
  EXPECT_EQ(named("/data/cars196/splits.pkl"), "cars196");
  EXPECT_EQ(named("mine.pkl"), "mine");
}

TEST(PickleSplitsTest, WrongValuesAreNamedWithPlaceAndByte) {
  const std::string name = "cub200_splits.pkl: ";
  EXPECT_EQ(refusal(file("N")), name + "splits (byte 2): wants a dict, not None");
  EXPECT_EQ(refusal(file("}")), name + "splits (byte 2): wants a dict from id to split, not empty");
  EXPECT_EQ(refusal(file(dict({{"N", "N"}}))), name + "splits (byte 4): wants a text or an integer as key, not None");
  EXPECT_EQ(refusal(file(dict({{text("../1"), "}"}}))),
            name +
                "splits: '../1' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not beginning with - or . and not "
                "default or all");
  EXPECT_EQ(refusal(file(dict({{integer(1), "}"}}))), name + "splits.1 (byte 9): lacks train");
  EXPECT_EQ(refusal(file(dict({{integer(1), "}"}, {text("1"), "}"}}))),
            name + "splits (byte 10): the key '1' is there twice, as integer and as text");
  EXPECT_EQ(refusal(file(dict({{integer(-1), "}"}}))),
            name +
                "splits: '-1' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not beginning with - or . and not "
                "default or all");
  EXPECT_NE(refusal_with("val", "N").find("): unknown key; known: train, test, fid, split_train"), std::string::npos);
  EXPECT_NE(refusal_with("train", "N").find("the key 'train' is there twice"), std::string::npos);
  EXPECT_NE(refusal_with("split_train", text("a")).find("splits.1.split_train (byte "), std::string::npos);
  EXPECT_NE(refusal_with("split_train", text("a")).find("wants a list, not a text"), std::string::npos);
  EXPECT_NE(refusal_with("split_train", list({"N"})).find("split_train[0] (byte "), std::string::npos);
  EXPECT_NE(refusal_with("split_train", list({text("a"), integer(1)})).find("names and integers in one list"),
            std::string::npos);
  EXPECT_NE(refusal_with("split_train", list({integer(0)})).find("wants a class id from 1 on"), std::string::npos);
}

TEST(PickleSplitsTest, FidsAreFiniteOrNone) {
  const auto with_fid = [](const std::string& fid) {
    const std::string split = dict({{text("train"), texts({"a"})}, {text("test"), texts({"b"})}, {text("fid"), fid}});
    return file(dict({{integer(1), split}}));
  };
  EXPECT_EQ(parse(with_fid("N"))->splits[0].fid, std::nullopt);
  EXPECT_EQ(parse(with_fid(real(1.5)))->splits[0].fid, 1.5);
  EXPECT_EQ(parse(with_fid("K\x02"))->splits[0].fid, 2.0);
  EXPECT_NE(refusal(with_fid(numpy_real(std::numeric_limits<double>::quiet_NaN()))).find("splits.1.fid (byte "),
            std::string::npos);
  EXPECT_NE(refusal(with_fid(real(-1.5))).find("wants a number from 0 on"), std::string::npos);
  EXPECT_NE(refusal(with_fid(integer(-1))).find("wants a number from 0 on"), std::string::npos);
  EXPECT_NE(refusal(with_fid(text("8"))).find("wants a float, not a text"), std::string::npos);
}

TEST(PickleSplitsTest, NamesStayInTheirFolder) {
  for (const char* name : {"../a", "/etc/passwd", "a/../../b", ".", "..", "a//b", "a\nb", "", "b/"}) {
    EXPECT_NE(refusal_with("split_train", texts({name})).find("split_train[0] (byte "), std::string::npos) << name;
  }
  const std::string episode = dict({{text("c"), texts({"../../secret.jpg"})}});
  EXPECT_NE(refusal_with("test_episodes", dict({{integer(1), dict({{integer(0), episode}})}}))
                .find("test_episodes.1[0].c[0] (byte "),
            std::string::npos);
  EXPECT_FALSE(parse_split_file(R"({"version": 1, "benchmark": "b", "splits": {"1":
      {"train": ["../a"], "test": ["b"], "fid": null}}})",
                                "f.json"));
}

TEST(PickleSplitsTest, ListsMustFitTogether) {
  EXPECT_NE(refusal_with("split_train", texts({"a"})).find("both are there or both left out"), std::string::npos);
  const auto lists = [](const std::string& first, const std::string& second) {
    return refusal(small_split_file({{"split_train", first}, {"split_val", second}}));
  };
  EXPECT_NE(lists(texts({"a"}), texts({"c"})).find("splits.1.split_val[0]: 'c' is not in train"), std::string::npos);
  EXPECT_NE(lists(list({integer(1)}), list({integer(2), integer(3)})).find("have 3 class ids, train has 2"),
            std::string::npos);
  EXPECT_NE(lists(list({integer(1)}), texts({"a"})).find("splits.1.split_val[0]: 'a' is no class id like those of"),
            std::string::npos);
  EXPECT_NE(lists(list({integer(1)}), list({integer(1)})).find("'1' is also at splits.1.split_train[0]"),
            std::string::npos);
}

TEST(PickleSplitsTest, EpisodesAreNumberedAndHaveTheirShots) {
  const auto episodes = [](const std::string& shots, const std::string& value) {
    return refusal_with("test_episodes", dict({{shots, value}}));
  };
  const std::string one = dict({{text("c"), texts({"1.jpg"})}, {text("d"), texts({"2.jpg"})}});
  EXPECT_NE(episodes(integer(2), dict({{integer(0), one}})).find("test_episodes.2[0].c: 1 files, wants 2"),
            std::string::npos);
  EXPECT_NE(episodes(integer(1), dict({{integer(1), one}})).find("numbered from 0 on; lacks 0"), std::string::npos);
  EXPECT_NE(episodes(integer(0), dict({{integer(0), one}})).find("'0' wants to be a number of shots"),
            std::string::npos);
  EXPECT_NE(episodes(integer(1), "}").find("test_episodes.1 (byte "), std::string::npos);
  EXPECT_NE(episodes(integer(1), "}").find("wants at least one episode"), std::string::npos);
  const std::string twice = dict({{integer(1), dict({{integer(0), one}})}, {text("1"), dict({{integer(0), one}})}});
  EXPECT_NE(refusal_with("test_episodes", twice).find("the key '1' is there twice, as integer and as text"),
            std::string::npos);
  EXPECT_NE(episodes(integer(1), dict({{integer(0), texts({"x"})}})).find("test_episodes.1[0][0]: 'x' is not in test"),
            std::string::npos);
  const std::string both = dict({{integer(0), one}, {integer(1), texts({"c"})}});
  EXPECT_NE(episodes(integer(1), both).find("test_episodes.1[1] (byte "), std::string::npos);
}

TEST(PickleSplitsTest, OneListSharedByManySplitsIsCopiedOnlySoOften) {
  Names names;
  for (int i = 0; i < 10'000; ++i) names.push_back("n" + std::to_string(i));
  const auto split = [](const std::string& train) {
    return dict({{text("train"), train}, {text("test"), texts({"t"})}, {text("fid"), "N"}});
  };
  std::vector<std::pair<std::string, std::string>> splits = {{integer(0), split(texts(names) + put(1))}};
  for (int i = 1; i < 1'000; ++i) splits.emplace_back(integer(i), split(get(1)));  // 10 million names from 150 KiB
  const std::string bytes = file(dict(splits));
  EXPECT_NE(refusal(bytes).find("more than 8388608 names"), std::string::npos);
}

}  // namespace
}  // namespace oodml::splits
