#include "worker/weights_scan.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;
using testing::write_text;
using Names = std::vector<std::string>;

TEST(WeightsScanTest, NamesAreThoseOfTheFilesWithoutTheirEndings) {
  TempDir root;
  for (const char* file : {"resnet50-imagenet.pth", "bit-imagenet.safetensors", "bit-imagenet.pth", "resnet18-mine.pth.tar",
                           "small_conv-x.pt", "notes.txt", ".hidden.pth", "a b.pth"}) {
    write_text(root / file, "w");
  }
  fs::create_directories(root / "folder.pth");
  fs::create_symlink("/no/such/file", root / "dangling.pth");
  WeightsScan scan(root.path());
  EXPECT_EQ(scan(), (Names{"bit-imagenet", "resnet18-mine", "resnet50-imagenet", "small_conv-x"}));
  fs::remove(root / "resnet50-imagenet.pth");
  EXPECT_EQ(scan(), (Names{"bit-imagenet", "resnet18-mine", "small_conv-x"}));
}

TEST(WeightsScanTest, WithoutARootOrWithOneThatIsGoneThereAreNone) {
  EXPECT_EQ(WeightsScan("")(), Names{});
  EXPECT_EQ(WeightsScan("/no/such/folder")(), Names{});
}

}  // namespace
}  // namespace oodml::worker
