#include "core/data/open_sets.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/core/images/sample_images.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using Names = std::vector<std::string>;

/// Four classes of three images, the second of `crow` damaged.
class OpenSetsTest : public ::testing::Test {
 protected:
  OpenSetsTest() {
    setenv("OODML_CACHE", (folder_ / "cache").c_str(), 1);
    for (const char* name : {"auk", "crow", "gull", "tern"}) {
      for (int n = 0; n < 3; ++n) {
        folder_.write(std::string("birds/") + name + "/" + std::to_string(n) + ".png",
                      images::png_bytes(images::patterned_image(4, 4, name[0] + n)));
      }
    }
    folder_.write("birds/crow/1.png", "no image");
  }

  data::ImagesRequest request() const {
    return {.place = {.name = "birds", .folder = folder_ / "birds", .layout = "image_folder"}};
  }
  Result<data::OpenedSets> open(const data::ImagesRequest& request, const Names& names) {
    return data::open_sets(request, names, [&](const std::string& text) { told_.push_back(text); });
  }

  TemporaryFolder folder_;
  Names told_;
};

TEST_F(OpenSetsTest, SetsComeInTheOrderAskedForFromOneBenchmark) {
  const auto opened = open(request(), {"test", "train", "all"});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->from.layout, "image_folder");
  ASSERT_EQ(opened->sets.size(), 3U);
  EXPECT_EQ(opened->sets[0]->class_names, (Names{"gull", "tern"}));
  EXPECT_EQ(opened->sets[1]->class_names, (Names{"auk", "crow"}));
  EXPECT_EQ(opened->sets[2]->samples.size(), 12U);
  EXPECT_EQ(told_, Names{});
}

TEST_F(OpenSetsTest, DamagedImagesAreLeftOutWhereThatIsAskedForAndTold) {
  auto wanted = request();
  wanted.skip_unreadable = true;
  wanted.threads = 2;
  const auto opened = open(wanted, {"train", "test"});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->sets[0]->samples.size(), 5U);
  EXPECT_EQ(opened->sets[1]->samples.size(), 6U);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].find("left out 1 unreadable images of the train set: "), 0U) << told_[0];
  EXPECT_EQ(open(request(), {"train"})->sets[0]->samples.size(), 6U);
}

TEST_F(OpenSetsTest, ClassesOfOneImageAreTold) {
  auto wanted = request();
  wanted.images_per_class = 1;
  ASSERT_TRUE(open(wanted, {"all"}));
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].find("4 classes of the all set have one image only"), 0U) << told_[0];
}

TEST_F(OpenSetsTest, ASplitFileLiesInTheFolderOrWhereAnAbsolutePathSays) {
  folder_.write("birds/splits.json", R"({"version": 1, "benchmark": "birds", "splits": {
      "1": {"train": ["tern"], "test": ["auk"], "fid": 2.5}}})");
  folder_.write("mine.json", R"({"version": 1, "benchmark": "birds", "splits": {
      "1": {"train": ["gull"], "test": ["auk"], "fid": null}}})");
  auto wanted = request();
  wanted.split = "1";
  const auto own = open(wanted, {"train"});
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_EQ(own->sets[0]->class_names, Names{"tern"});
  EXPECT_EQ(own->fid, 2.5);
  wanted.split_file = folder_ / "mine.json";
  EXPECT_EQ(open(wanted, {"train"})->sets[0]->class_names, Names{"gull"});
}

TEST_F(OpenSetsTest, AllAsksNothingOfASplit) {
  auto wanted = request();
  wanted.split = "gone";
  EXPECT_TRUE(open(wanted, {"all"}));
  EXPECT_EQ(open(wanted, {"all", "train"}).error().code(), StatusCode::kNotFound);
}

TEST_F(OpenSetsTest, FailuresNameTheSetOrThisMachine) {
  const auto val = open(request(), {"val"});
  EXPECT_EQ(val.error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(val.error().message().find("the val set of split 'default': no set val without validation"), 0U)
      << val.error().message();
  auto wanted = request();
  wanted.place.layout = "default";
  EXPECT_NE(open(wanted, {"all"}).error().message().find("is not in the catalogue"), std::string::npos);
  wanted = request();
  wanted.place.folder = folder_ / "nowhere";
  EXPECT_EQ(open(wanted, {"all"}).error().code(), StatusCode::kNotFound);
  std::filesystem::create_directories(folder_ / "products/images");
  folder_.write("products/Ebay_train.txt", "damaged");
  folder_.write("products/Ebay_test.txt", "damaged");
  const auto damaged =
      open({.place = {.name = "products", .folder = folder_ / "products", .layout = "online_products"}}, {"train"});
  EXPECT_EQ(damaged.error().code(), StatusCode::kDataLoss) << damaged.error().message();
}

}  // namespace
}  // namespace oodml::testing
