// Damaged split files in our own form: refused with their name, or whole.
#include <gtest/gtest.h>

#include "core/splits/split_file.h"
#include "tests/support/mutator.h"

namespace oodml::splits {
namespace {

testing::Corpus split_files() {
  return {{R"({"version": 1, "benchmark": "b", "splits": {"3": {"train": ["b", "a"], "test": ["c", "\u00e9"],
  "fid": 8.5, "split_train": ["a"], "split_val": ["b"],
  "test_episodes": {"2": [{"c": ["1.jpg", "2.jpg"], "\u00e9": ["5.jpg", "6.jpg"]},
                          {"c": ["3.jpg", "1.jpg"], "\u00e9": ["7.jpg", "5.jpg"]}]}}}})",
           R"({"version":1,"benchmark":"online_products","splits":{"1":{"train":["11","12"],"test":["13","14"],"fid":1},
  "2":{"train":["11"],"test":["12","13"],"fid":1e2,"test_episodes":{"5":[["12"]]}}}})"},
          {"{",           "}",        "[",       "]",    ",",        ":",          "\"",
           "\\u0000",     "\\ud800",  "null",    "true", "\"../x\"", "\"train\":", "\"fid\": ",
           "\"splits\":", "[[[[[[[[", "{\"a\":", "\xff", "-0",       "1e999"}};
}

TEST(SplitJsonFuzzTest, DamagedFilesAreRefusedOrWhole) {
  testing::fuzz(
      split_files(),
      [](const std::string& text, std::uint64_t number) {
        const auto read = parse_split_file(text, "mutated.json");
        const auto ids = parse_split_ids(text, "mutated.json");
        if (!read) {
          ASSERT_GE(number, 2u) << read.error().message();
          ASSERT_TRUE(read.error().message().starts_with("mutated.json")) << read.error().message();
          return;
        }
        ASSERT_TRUE(ids) << ids.error().message();
        ASSERT_EQ(ids->size(), read->splits.size());
        const auto again = parse_split_file(to_json(*read), "again");
        ASSERT_TRUE(again) << again.error().message();
        ASSERT_EQ(*again, *read);
      },
      10'000);
}

}  // namespace
}  // namespace oodml::splits
