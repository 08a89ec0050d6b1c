#include "core/splits/split_remarks.h"

#include <gtest/gtest.h>

namespace oodml::splits {
namespace {

using Remarks = std::vector<std::string>;

Split split_with_episodes(const std::string& id, std::size_t of_one_shot, std::size_t of_two_shots) {
  Split split{.id = id, .train = {"a" + id}, .test = {"c", "d"}};
  split.test_episodes[1].resize(of_one_shot);
  split.episode_classes[2].resize(of_two_shots);
  return split;
}

TEST(SplitRemarksTest, ThePublishedFilesHaveNone) {
  EXPECT_EQ(
      remarks_on({.benchmark = "b", .splits = {split_with_episodes("1", 10, 10), split_with_episodes("2", 10, 10)}}),
      Remarks{});
  EXPECT_EQ(remarks_on({.benchmark = "b", .splits = {{.id = "1", .train = {"a"}, .test = {"b"}}}}), Remarks{});
}

TEST(SplitRemarksTest, AnotherNumberOfEpisodesIsSaidWithItsPlaces) {
  EXPECT_EQ(
      remarks_on({.benchmark = "b", .splits = {split_with_episodes("1", 10, 9), split_with_episodes("2", 9, 10)}}),
      (Remarks{"9 episodes instead of the 10 of the published files: splits.1.test_episodes.2, "
               "splits.2.test_episodes.1"}));
}

TEST(SplitRemarksTest, SplitsOfTheSameClassesInAnyOrderAreSaid) {
  EXPECT_EQ(remarks_on({.benchmark = "b",
                        .splits = {{.id = "1", .train = {"a", "b"}, .test = {"c"}},
                                   {.id = "2", .train = {"c"}, .test = {"a", "b"}},
                                   {.id = "3", .train = {"b", "a"}, .test = {"c"}}}}),
            (Remarks{"splits.3 has the same classes as splits.1"}));
}

}  // namespace
}  // namespace oodml::splits
