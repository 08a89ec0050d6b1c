#include "core/splits/split_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oodml::splits {
namespace {

using Names = std::vector<std::string>;

SplitFile two_splits() {
  Split first, second;
  first.id = "1";
  first.train = {"a", "b", "c"};
  first.test = {"d", "e", "f"};
  first.fid = 8.59123;
  first.split_train = {"a", "c"};
  first.split_val = {"b"};
  first.test_episodes[2] = {{{"d", {"1.jpg", "2.jpg"}}}, {}};
  first.test_episodes[5] = {{}, {}};
  second.id = "hard";
  second.train = {"a", "d"};
  second.test = {"f", "b", "g"};
  return {.benchmark = "birds", .splits = {first, second}};
}

TEST(SplitTextTest, TheTableCountsWhatMoved) {
  const SplitFile file = two_splits();
  EXPECT_EQ(table_of_splits(file, file.splits[0]),
            "birds: 2 splits; classes that moved are counted against id 1\n"
            "\n"
            "id       fid  train  test  split_train  split_val  into train  into test  left out  added  episodes\n"
            "1     8.5912      3     3            2          1           0          0         0      0  2, 5 (x 2)\n"
            "hard       -      2     3            -          -           1          1         2      1  -\n");
}

TEST(SplitTextTest, JsonNamesThem) {
  const SplitFile file = two_splits();
  const auto document = nlohmann::json::parse(json_of_splits(file, file.splits[0]));
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("base"), "1");
  const auto& first = document.at("splits").at(0);
  EXPECT_EQ(first.at("fid"), 8.59123);
  EXPECT_EQ(first.at("split_val"), 1);
  EXPECT_EQ(first.at("episodes").at("5"), 2);
  const auto& hard = document.at("splits").at(1);
  EXPECT_TRUE(hard.at("fid").is_null());
  EXPECT_EQ(hard.at("into_train"), (Names{"d"}));
  EXPECT_EQ(hard.at("into_test"), (Names{"b"}));
  EXPECT_EQ(hard.at("left_out"), (Names{"c", "e"}));
  EXPECT_EQ(hard.at("added"), (Names{"g"}));
}

}  // namespace
}  // namespace oodml::splits
