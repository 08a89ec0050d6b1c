#include "core/data/split_on_disk.h"

#include <gtest/gtest.h>

#include "core/data/benchmark.h"
#include "core/data/choose_sets.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;

class SplitOnDiskTest : public ::testing::Test {
 protected:
  SplitOnDiskTest() {
    for (const char* file : {"a/1.jpg", "a/2.jpg", "b/1.jpg", "b/1_2.jpg", "b/3.jpg", "b/4.jpg", "c/1.jpg"}) {
      folder_.write(std::string("images/") + file, "");
    }
    std::filesystem::create_directories(folder_.path() / "images/empty");
    split_.id = "7";
    split_.train = {"a"};
    split_.test = {"b"};
  }
  Names misfits() { return misfits_on_disk(**open_benchmark("cars196", "cars196", folder_.path()), split_); }

  testing::TemporaryFolder folder_;
  splits::Split split_;
};

TEST_F(SplitOnDiskTest, FitsWhenEveryClassAndImageIsThere) {
  split_.test_episodes[2] = {{{"b", {"1_2.jpg", "3.jpg"}}}};
  EXPECT_EQ(misfits(), Names{});
}

TEST_F(SplitOnDiskTest, ClassesThatLackOrAreEmptyAreNamedWithTheirSet) {
  split_.train = {"a", "empty"};
  split_.test = {"x", "b"};
  EXPECT_EQ(misfits(),
            (Names{"split 7, train[1]: class 'empty' has no images", "split 7, test[0]: class 'x' is not on disk"}));
}

TEST_F(SplitOnDiskTest, SupportImagesAreThereAndLeaveTwoQueries) {
  split_.test_episodes[1] = {{{"b", {"4.jpg"}}}, {{"b", {"9.jpg"}}}};
  split_.test_episodes[3] = {{{"b", {"1.jpg", "3.jpg", "3_2.jpg"}}}};
  EXPECT_EQ(misfits(),
            (Names{"split 7, test_episodes.1[1], class 'b': no image 9.jpg",
                   "split 7, test_episodes.3[0], class 'b': no image 3_2.jpg; so is called the second image where both "
                   "archives have one of this number",
                   "split 7, test_episodes.3[0], class 'b': 4 images leave fewer than two for queries"}));
}

class NameClassesTest : public ::testing::Test {
 protected:
  NameClassesTest() {
    folder_.write("images/fan_final/900_0.JPG", "");
    folder_.write("images/fan_final/100_0.JPG", "");
    folder_.write("images/fan_final/500_0.JPG", "");
    folder_.write("images/fan_final/600_0.JPG", "");
    const std::string header = "image_id class_id super_class_id path\n";
    folder_.write("Ebay_train.txt", header + "1 4 1 fan_final/900_0.JPG\n2 1 1 fan_final/100_0.JPG\n");
    folder_.write("Ebay_test.txt", header + "3 8 1 fan_final/500_0.JPG\n4 9 1 fan_final/600_0.JPG\n");
    folder_.write("splits.json", R"({"version": 1, "benchmark": "online_products", "splits": {
        "1": {"train": ["900", "100"], "test": ["500", "600"], "fid": 3.43, "split_train": [1], "split_val": [4],
              "test_episodes": {"2": [[9], [8]]}},
        "2": {"train": ["900", "100"], "test": ["500"], "fid": 3.43, "split_train": [1], "split_val": [5]},
        "3": {"train": ["900", "100"], "test": ["500"], "fid": 3.43, "split_train": [1], "split_val": [8]}}})");
    benchmark_ = *open_benchmark("online_products", "online_products", folder_.path());
    file_ = *splits::read_split_file(folder_.path() / "splits.json");
  }

  testing::TemporaryFolder folder_;
  std::shared_ptr<const Benchmark> benchmark_;
  splits::SplitFile file_;
};

TEST_F(NameClassesTest, IdsOfTheInfoFilesBecomeItemNumbers) {
  splits::Split& split = file_.splits[0];
  const Status status = name_classes(*benchmark_, split);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(split.split_train, (Names{"100"}));
  EXPECT_EQ(split.split_val, (Names{"900"}));
  EXPECT_EQ(split.episode_classes.at(2), (std::vector<Names>{{"600"}, {"500"}}));
  EXPECT_FALSE(split.validation_by_id);
  EXPECT_FALSE(split.episodes_by_id);
}

TEST_F(NameClassesTest, UnknownIdsAndIdsOfTheWrongSetAreRefused) {
  EXPECT_EQ(name_classes(*benchmark_, file_.splits[1]),
            Status(StatusCode::kNotFound,
                   "splits.2 names 1 class ids that the info files of online_products do not have: 5 (split_val[0])"));
  EXPECT_EQ(
      name_classes(*benchmark_, file_.splits[2]).message(),
      "splits.3.train[0]: '900' is in neither split_train nor split_val; splits.3.split_val[0]: '500' is not in train");
}

TEST_F(NameClassesTest, AnUnknownItemOfTrainIsToldThereAndNotInTheListsOfIds) {
  file_.splits[0].train[1] = "101";
  EXPECT_EQ(name_classes(*benchmark_, file_.splits[0]),
            Status(StatusCode::kNotFound,
                   "splits.1 names 1 classes that benchmark online_products does not have on disk: 101 (train[1])"));
}

TEST_F(NameClassesTest, ATrialValidatesOnTheNamedClasses) {
  const auto sets =
      choose_sets(*benchmark_, {.split = "1", .split_file = folder_.path() / "splits.json", .validation = "split"});
  ASSERT_TRUE(sets) << sets.error().message();
  EXPECT_EQ(sets->train, (Names{"100"}));
  EXPECT_EQ(sets->val, (Names{"900"}));
}

}  // namespace
}  // namespace oodml::data
