#include "core/identity/folder_stamps.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::identity {
namespace {

namespace fs = std::filesystem;

/// A small benchmark, and a clock by which all of it was written long ago.
class FolderStampsTest : public ::testing::Test {
 protected:
  FolderStampsTest() {
    later_.advance(std::chrono::hours(24 * 365 * 100));
    write("images/001.Albatross/a.jpg", "12345");
    write("images/001.Albatross/b.JPG", "123");
    write("images/002.Auk/c.png", "1");
  }
  void write(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder_ / "birds" / name).parent_path());
    std::ofstream(folder_ / "birds" / name, std::ios::binary) << bytes;
  }
  fs::path birds() const { return folder_.path() / "birds"; }
  std::string fresh(const fs::path& folder) {
    auto stamp = FolderStamps(later_).of(folder);
    EXPECT_TRUE(stamp) << stamp.error().message();
    return stamp.value_or("");
  }
  std::string fresh() { return fresh(birds()); }

  testing::TemporaryFolder folder_;
  testing::FakeClock later_;
};

TEST_F(FolderStampsTest, ACopyHasTheSameHashAndTimesDoNotMatter) {
  const std::string before = fresh();
  EXPECT_EQ(before.size(), 32u);
  fs::copy(birds(), folder_ / "copy", fs::copy_options::recursive);
  EXPECT_EQ(fresh(folder_ / "copy"), before);
  fs::last_write_time(birds() / "images/002.Auk/c.png", fs::file_time_type::clock::now() - std::chrono::hours(9));
  EXPECT_EQ(fresh(), before);
}

TEST_F(FolderStampsTest, WhatSystemsLeaveBehindIsNoPartOfABenchmarkAndAWebpIs) {
  const std::string before = fresh();
  for (const char* name : {"@eaDir/001.Albatross/a.jpg", "__MACOSX/a.jpg", "images/002.Auk/@eaDir/c.png",
                           "images/.ipynb_checkpoints/c.png"}) {
    write(name, "thumbnail");
    EXPECT_EQ(fresh(), before) << name;
  }
  write("images/002.Auk/d.webp", "1");
  EXPECT_NE(fresh(), before);
}

TEST_F(FolderStampsTest, AnImageThatComesGoesMovesOrGrowsChangesIt) {
  std::string before = fresh();
  const auto changes = [&](const char* what) {
    const std::string now = fresh();
    EXPECT_NE(now, before) << what;
    before = now;
  };
  write("images/002.Auk/d.jpg", "1");
  changes("comes");
  fs::remove(birds() / "images/002.Auk/c.png");
  changes("goes");
  fs::rename(birds() / "images/002.Auk/d.jpg", birds() / "images/001.Albatross/d.jpg");
  changes("moves");
  write("images/001.Albatross/d.jpg", "12");
  changes("grows");
}

TEST_F(FolderStampsTest, WhatIsNoImageDoesNotCount) {
  const std::string before = fresh();
  for (const char* name : {"splits.json", "progression.csv", "README.md", "images/001.Albatross/._a.jpg",
                           ".cache/x.jpg", "images/001.Albatross/notes.txt"}) {
    write(name, "text");
  }
  EXPECT_EQ(fresh(), before);
}

TEST_F(FolderStampsTest, ListsAndArchivesCountByContent) {
  for (const char* name :
       {"train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte", "Info_Files/Ebay_train.txt", "classes.txt"}) {
    write(name, "old");
    const std::string before = fresh();
    write(name, "new");
    EXPECT_NE(fresh(), before) << name;
  }
}

TEST_F(FolderStampsTest, TheSecondLookSeesAChangeInAFolderAtOnceAndOneInPlaceAfterAWhile) {
  FolderStamps stamps(later_, std::chrono::hours(1));
  write("classes.txt", "old");
  const std::string before = *stamps.of(birds());
  EXPECT_EQ(*stamps.of(birds()), before);
  write("classes.txt", "new");
  const std::string listed = *stamps.of(birds());
  EXPECT_NE(listed, before) << "lists are looked at every time";
  std::ofstream(birds() / "images/002.Auk/c.png", std::ios::app) << "more";  // the folder's times stay
  EXPECT_EQ(*stamps.of(birds()), listed) << "a folder that looks the same is not read again";
  later_.advance(std::chrono::hours(1));
  const std::string grown = *stamps.of(birds());
  EXPECT_NE(grown, listed);
  EXPECT_EQ(grown, fresh());
  write("images/002.Auk/e.jpg", "");
  EXPECT_EQ(*stamps.of(birds()), fresh());
}

TEST_F(FolderStampsTest, AFolderThatHasJustChangedIsReadEveryTime) {
  testing::FakeClock now;  // by which the files are of the future
  FolderStamps stamps(now);
  const std::string before = *stamps.of(birds());
  std::ofstream(birds() / "images/002.Auk/c.png", std::ios::app) << "more";
  EXPECT_NE(*stamps.of(birds()), before);
}

TEST_F(FolderStampsTest, AFolderThatIsNotThereIsNamed) {
  const auto stamp = FolderStamps(later_).of(folder_ / "bees");
  ASSERT_FALSE(stamp);
  EXPECT_NE(stamp.error().message().find("bees"), std::string::npos) << stamp.error().message();
}

}  // namespace
}  // namespace oodml::identity
