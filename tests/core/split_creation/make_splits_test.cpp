#include "core/split_creation/make_splits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/split_creation/draw_lists.h"

namespace oodml::split_creation {
namespace {

using Names = std::vector<std::string>;

const std::vector<Entry> kMadeEntries = {
    {.run = Entry::Run::kForward, .swaps = 2, .train = {3, 0, 4, 1}, .test = {5, 2}, .fid = 1.5},
    {.run = Entry::Run::kRemoval, .swaps = 2, .train = {3, 0}, .test = {5, 2}, .fid = 2.5}};
const Members kMembers = {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}, {"f"}};

Files files_of(std::int64_t images) {
  Files files;
  for (const auto& names : kMembers) {
    for (std::int64_t i = 0; i < images; ++i) files[names[0]].push_back(names[0] + std::to_string(i) + ".jpg");
  }
  return files;
}

// docs/quirks.md#split-creation, S2, in both settings.
TEST(MakeSplitsTest, ListsOfSwapRunsAreSortedUnlessParityIsAskedFor) {
  const auto made = make_splits(kMadeEntries, {1, 0}, kMembers, {}, {});
  ASSERT_EQ(made.splits.size(), 2U);
  EXPECT_EQ(made.splits[0].id, "1");
  EXPECT_EQ(made.splits[0].train, (Names{"d", "a"}));  // of the removal run: as they stand
  EXPECT_EQ(made.splits[0].fid, 2.5);
  EXPECT_EQ(made.splits[1].train, (Names{"a", "b", "d", "e"}));
  EXPECT_EQ(made.splits[1].test, (Names{"c", "f"}));
  const auto parity = make_splits(kMadeEntries, {0}, kMembers, {}, {.sort_swap_lists = false});
  EXPECT_EQ(parity.splits[0].train, (Names{"d", "a", "e", "b"}));
  EXPECT_EQ(parity.splits[0].test, (Names{"f", "c"}));
}

TEST(MakeSplitsTest, SuperclassesBringAllTheirClasses) {
  const std::vector<Entry> entries = {{.swaps = 0, .train = {1}, .test = {0}, .fid = 1}};
  const auto made = make_splits(entries, {0}, {{"9", "10"}, {"7", "8"}}, {}, {});
  EXPECT_EQ(made.splits[0].train, (Names{"7", "8"}));
  EXPECT_EQ(made.splits[0].test, (Names{"10", "9"}));
}

TEST(MakeSplitsTest, ValidationListsPartTheTrainingClassesInTheirOrder) {
  const auto made = make_splits(kMadeEntries, {0, 1}, kMembers, {}, {.seed = 3});
  const auto& split = made.splits[0];
  EXPECT_EQ(split.split_train.size(), 3U);
  EXPECT_EQ(split.split_val.size(), 1U);
  Names both = split.split_train;
  EXPECT_TRUE(std::ranges::is_sorted(both));
  both.insert(both.end(), split.split_val.begin(), split.split_val.end());
  std::ranges::sort(both);
  EXPECT_EQ(both, split.train);
  const auto whole = make_splits(kMadeEntries, {0}, kMembers, {}, {.train_share = 1});
  EXPECT_TRUE(whole.splits[0].split_train.empty());
  EXPECT_TRUE(whole.splits[0].split_val.empty());
}

TEST(MakeSplitsTest, EpisodesHaveDifferentFilesOfEveryTestClass) {
  const auto made = make_splits(kMadeEntries, {0}, kMembers, files_of(7), {.shots = {2, 5}, .episodes = 3});
  EXPECT_TRUE(made.notes.empty());
  const auto& episodes = made.splits[0].test_episodes;
  ASSERT_EQ(episodes.size(), 2U);
  for (const auto& [shots, list] : episodes) {
    ASSERT_EQ(list.size(), 3U);
    for (const auto& episode : list) {
      ASSERT_EQ(episode.size(), 2U);
      for (const auto& [name, files] : episode) {
        EXPECT_EQ(std::set(files.begin(), files.end()).size(), static_cast<std::size_t>(shots));
        for (const std::string& file : files) EXPECT_TRUE(file.starts_with(name));
      }
    }
  }
  EXPECT_NE(episodes.at(5)[0], episodes.at(5)[1]);
}

TEST(MakeSplitsTest, TwoImagesAreLeftForQueriesOrThereAreNoEpisodes) {
  const auto made = make_splits(kMadeEntries, {0}, kMembers, files_of(6), {.shots = {4, 5}, .episodes = 1});
  EXPECT_TRUE(made.splits[0].test_episodes.contains(4));
  EXPECT_FALSE(made.splits[0].test_episodes.contains(5));
  ASSERT_EQ(made.notes.size(), 1U);
  EXPECT_EQ(made.notes[0], "split 1 has no episodes of 5 shots: a test class has 6 images, wants 7");
}

TEST(MakeSplitsTest, DrawsDependOnTheSeedAlone) {
  const auto text = [](std::uint64_t seed) {
    const auto made = make_splits(kMadeEntries, {0, 1}, kMembers, files_of(20), {.seed = seed});
    return splits::to_json({.benchmark = "b", .splits = made.splits});
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
  const auto read = splits::parse_split_file(text(1), "made.json");  // and is a file that trials accept
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->splits[0].test_episodes.at(10).size(), 10U);
}

TEST(DrawListsTest, EveryNumberIsDrawnAsOften) {
  Random random(5);
  std::vector<double> counts(6);
  const int rounds = 6000;
  for (int i = 0; i < rounds; ++i) {
    const auto drawn = drawn_numbers(6, 2, random);
    ASSERT_NE(drawn[0], drawn[1]);
    for (const std::size_t number : drawn) ++counts[number];
  }
  double chi_squared = 0;
  for (const double count : counts) chi_squared += std::pow(count - rounds / 3.0, 2) / (rounds / 3.0);
  EXPECT_LT(chi_squared, 20.5);  // five degrees of freedom, one in a thousand
}

}  // namespace
}  // namespace oodml::split_creation
