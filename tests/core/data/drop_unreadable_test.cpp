#include "core/data/drop_unreadable.h"

#include <gtest/gtest.h>

#include "core/data/benchmark.h"
#include "core/data/select_classes.h"
#include "tests/core/images/sample_images.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

std::shared_ptr<const Dataset> dataset_of(const testing::TemporaryFolder& folder) {
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  std::vector<std::string> names;
  for (const ImageClass& known : benchmark->classes) names.push_back(known.name);
  return *select_classes(*benchmark, names, 0);
}

TEST(DropUnreadableTest, DamagedImagesGoAndAreNamed) {
  testing::TemporaryFolder folder;
  const std::string good = images::png_bytes(images::patterned_image(4, 4, 0));
  folder.write("a/1.png", good);
  folder.write("a/2.png", good.substr(0, 50));
  folder.write("a/3.png", good);
  folder.write("b/1.jpg", good);
  for (const std::int64_t threads : {1, 4}) {
    const Readable readable = *drop_unreadable(dataset_of(folder), threads);
    EXPECT_EQ(readable.dataset->samples.size(), 3U);
    EXPECT_EQ(readable.dataset->by_class, (std::vector<std::vector<std::int64_t>>{{0, 1}, {2}}));
    EXPECT_EQ(readable.dataset->samples[1].image, 2);
    ASSERT_EQ(readable.skipped.size(), 1U);
    EXPECT_TRUE(readable.skipped[0].ends_with("a/2.png: the PNG file is truncated")) << readable.skipped[0];
  }
}

TEST(DropUnreadableTest, AClassThatLosesAllItsImagesIsAnError) {
  testing::TemporaryFolder folder;
  folder.write("a/1.png", images::png_bytes(images::patterned_image(4, 4, 0)));
  folder.write("b/1.png", "nothing");
  const auto readable = drop_unreadable(dataset_of(folder), 2);
  EXPECT_EQ(readable.error().code(), StatusCode::kDataLoss);
  EXPECT_NE(readable.error().message().find("of the classes b; first problem: "), std::string::npos);
}

}  // namespace
}  // namespace oodml::data
