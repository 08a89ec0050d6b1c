#include "core/train/best_checkpoints.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::train {
namespace {

job::Metric recall(std::int64_t epoch, double value, std::string set = "test") {
  return {epoch, std::move(set), "embeds", "e_recall@1", value};
}

TEST(IsBestTest, OnlyAValueAboveAllEarlierOnesOfItsKindIsBest) {
  const std::vector<job::Metric> earlier = {recall(1, 0.5), recall(2, 0.7), recall(3, 0.6), recall(3, 0.9, "train")};
  EXPECT_TRUE(is_best(recall(1, 0.0), {}, true));
  EXPECT_TRUE(is_best(recall(4, 0.71), earlier, true));
  EXPECT_FALSE(is_best(recall(4, 0.7), earlier, true));
  EXPECT_FALSE(is_best(recall(4, 0.65), earlier, true));
}

TEST(IsBestTest, NaNIsNeverBestAndHidesNothing) {
  EXPECT_FALSE(is_best(recall(1, std::nan("")), {}, true));
  EXPECT_TRUE(is_best(recall(2, 0.1), {recall(1, std::nan(""))}, true));
}

TEST(IsBestTest, TheUntrainedNetworkIsKeptOnlyWhereNothingIsTrained) {
  EXPECT_FALSE(is_best(recall(0, 0.9), {}, true));
  EXPECT_TRUE(is_best(recall(1, 0.1), {recall(0, 0.9)}, true));
  EXPECT_TRUE(is_best(recall(0, 0.9), {}, false));
}

class BestCheckpointsTest : public ::testing::Test {
 protected:
  void write(const job::Metric& figure, double weight) {
    const BestCheckpoints best(run_dir_.path(), "abc");
    const Status written = best.write(figure, {{"w", torch::full({2}, weight)}}, {{"beta", torch::ones({1})}});
    ASSERT_TRUE(written.ok()) << written.message();
  }
  testing::TemporaryFolder run_dir_, other_;
};

TEST_F(BestCheckpointsTest, ABetterEpochTakesThePlaceOfTheOneBefore) {
  write(recall(1, 0.5), 1.0);
  write(recall(4, 0.75), 4.0);
  const auto folder = run_dir_ / "best" / "test_embeds_e_recall@1";
  const auto network = models::read_tensors(folder / "network.safetensors");
  ASSERT_TRUE(network.has_value());
  EXPECT_TRUE(network->at("w").equal(torch::full({2}, 4.0)));
  EXPECT_TRUE(models::read_tensors(folder / "criterion.safetensors").has_value());
  const auto about = nlohmann::json::parse(testing::read_text(folder / "best.json"));
  EXPECT_EQ(about.at("epoch"), 4);
  EXPECT_EQ(about.at("value"), 0.75);
  EXPECT_EQ(about.at("fingerprint"), "abc");
}

TEST_F(BestCheckpointsTest, AnotherRunDirectoryAdoptsWhatWasKept) {
  EXPECT_TRUE(adopt_best(run_dir_.path(), other_.path()).ok());  // nothing yet
  write(recall(1, 0.5), 1.0);
  ASSERT_TRUE(adopt_best(run_dir_.path(), other_.path()).ok());
  ASSERT_TRUE(adopt_best(run_dir_.path(), other_.path()).ok());
  ASSERT_TRUE(adopt_best(other_.path(), other_.path()).ok());
  EXPECT_TRUE(std::filesystem::exists(other_ / "best" / "test_embeds_e_recall@1" / "network.safetensors"));
}

}  // namespace
}  // namespace oodml::train
