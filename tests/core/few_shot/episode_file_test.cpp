#include "core/few_shot/episode_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/temporary_folder.h"

namespace oodml::few_shot {
namespace {

using oodml::testing::TemporaryFolder;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

EpisodeOwner owner(const std::string& fingerprint, std::int64_t version, const std::string& data,
                   const std::string& network) {
  return {fingerprint, {.results_version = version, .program = "1.0", .data = data}, network};
}

const EpisodeOwner kOwner = owner("fingerprint", 3, "images of birds=12", "network");

TEST(EpisodeFileTest, GivesBackEveryBit) {
  const TemporaryFolder folder;
  const FinishedEpisodes written{.figures = {{{"e_recall@1", "nmi"}, {0.1 + 0.2, kMissing}, {1.0 / 3.0, 0.0}}},
                                 .expected = 2};
  ASSERT_TRUE(write_episodes(folder.path(), kOwner, written).ok());
  const auto read = read_episodes(folder.path(), kOwner);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->figures.size(), 1U);
  EXPECT_EQ(read->figures[0].metrics, written.figures[0].metrics);
  EXPECT_EQ(read->figures[0].zero[0], 0.1 + 0.2);
  EXPECT_TRUE(std::isnan(read->figures[0].zero[1]));
  EXPECT_EQ(read->figures[0].few, written.figures[0].few);
  EXPECT_FALSE(read->all());
}

TEST(EpisodeFileTest, IsNobodyElses) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_episodes(folder.path(), kOwner, {.figures = {{{"nmi"}, {0.5}, {0.5}}}, .expected = 1}).ok());
  for (const EpisodeOwner& other :
       {owner("another", 3, "images of birds=12", "network"), owner("fingerprint", 4, "images of birds=12", "network"),
        owner("fingerprint", 3, "images of birds=13", "network"),
        owner("fingerprint", 3, "images of birds=12", "another")}) {
    const auto read = read_episodes(folder.path(), other);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->figures.empty());
  }
  EXPECT_TRUE(read_episodes(folder.path(), kOwner)->all());
  EXPECT_TRUE(read_episodes(folder.path(), owner("fingerprint", 3, "", "network"))->all())
      << "what is not known any more makes no difference";
}

TEST(EpisodeFileTest, ADamagedOneIsSaidSo) {
  const TemporaryFolder folder;
  EXPECT_TRUE(read_episodes(folder.path(), kOwner)->figures.empty()) << "no file";
  folder.write(kEpisodeFile, "{\"version\": 1, \"of\": ");
  EXPECT_EQ(read_episodes(folder.path(), kOwner).error().code(), StatusCode::kDataLoss);
}

TEST(EpisodeFileTest, TheDigestSeesNamesAndBits) {
  const auto ones = torch::ones({2});
  const std::string digest = digest_of({{"a", ones}});
  EXPECT_EQ(digest_of({{"a", torch::ones({2})}}), digest);
  EXPECT_NE(digest_of({{"b", ones}}), digest);
  EXPECT_NE(digest_of({{"a", torch::nextafter(ones, torch::zeros({2}))}}), digest);
}

}  // namespace
}  // namespace oodml::few_shot
