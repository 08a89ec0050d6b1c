#include "worker/weights_scan.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/log_lines.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;
using testing::write_text;
using Names = std::vector<std::string>;

TEST(WeightsScanTest, NamesAreThoseOfTheFilesWithoutTheirEndings) {
  TemporaryFolder root;
  for (const char* file : {"resnet50-imagenet.pth", "bit-imagenet.safetensors", "bit-imagenet.pth",
                           "resnet18-mine.pth.tar", "small_conv-x.pt", "notes.txt", ".hidden.pth", "a b.pth"}) {
    write_text(root / file, "w");
  }
  fs::create_directories(root / "folder.pth");
  fs::create_symlink("/no/such/file", root / "dangling.pth");
  WeightsScan scan(root.path());
  EXPECT_EQ(scan(), (Names{"bit-imagenet", "resnet18-mine", "resnet50-imagenet", "small_conv-x"}));
  fs::remove(root / "resnet50-imagenet.pth");
  EXPECT_EQ(scan(), (Names{"bit-imagenet", "resnet18-mine", "small_conv-x"}));
}

TEST(WeightsScanTest, OneLooksAndTellsWhileTheOthersOnlyLook) {
  const LogLines log;
  EXPECT_EQ(weights_below("/no/such/folder").names, Names{});
  EXPECT_EQ(weights_below("/no/such/folder").error, std::errc::no_such_file_or_directory);
  EXPECT_EQ(log.count("cannot list the weights"), 0u);
  WeightsScan scan("/no/such/folder");
  (void)scan();
  (void)scan();
  EXPECT_EQ(log.count("cannot list the weights"), 1u);
}

TEST(WeightsScanTest, AFileWhoseNameCannotBeAnnouncedIsToldOnce) {
  TemporaryFolder root;
  for (const char* file : {"my weights.pth", "caf\xC3\xA9.pth", ".hidden.pth", "._resnet50-mine.pth"})
    write_text(root / file, "w");
  const LogLines log;
  WeightsScan scan(root.path());
  EXPECT_EQ(scan(), Names{});
  EXPECT_EQ(scan(), Names{});
  EXPECT_EQ(log.count("weights are not offered"), 2u);
  EXPECT_EQ(log.count("/my weights.pth"), 1u);
}

TEST(WeightsScanTest, WithoutARootOrWithOneThatIsGoneThereAreNone) {
  EXPECT_EQ(WeightsScan("")(), Names{});
  EXPECT_EQ(WeightsScan("/no/such/folder")(), Names{});
}

}  // namespace
}  // namespace oodml::worker
