#include "core/base/replace_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

namespace fs = std::filesystem;

class ReplaceFolderTest : public ::testing::Test {
 protected:
  fs::path made(const std::string& name, const std::string& content) const {
    EXPECT_TRUE(make_folders(folder_ / name).ok());
    EXPECT_TRUE(write_file_atomically(folder_ / name / "file", content).ok());
    return folder_ / name;
  }
  std::string content(const std::string& name) const {
    return read_file(folder_ / name / "file", 100).value_or("none");
  }
  std::ptrdiff_t count() const {
    return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator());
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ReplaceFolderTest, TheNewOneStandsAndTheOldOneIsGone) {
  ASSERT_TRUE(replace_folder(made(".new", "1"), folder_ / "it").ok());
  EXPECT_EQ(content("it"), "1");
  ASSERT_TRUE(replace_folder(made(".new", "2"), folder_ / "it").ok());
  EXPECT_EQ(content("it"), "2");
  EXPECT_EQ(count(), 1);
}

TEST_F(ReplaceFolderTest, WithoutANewOneTheOldOneStays) {
  made("it", "1");
  EXPECT_FALSE(replace_folder(folder_ / ".new", folder_ / "it").ok());
  EXPECT_EQ(content("it"), "1");
  EXPECT_EQ(count(), 1);
}

TEST_F(ReplaceFolderTest, WhatAKillLeftIsFinished) {
  made("killed_early.replaced", "1");
  made("killed_late.replaced", "1");
  made("killed_late", "2");
  ASSERT_TRUE(finish_replacements(folder_.path()).ok());
  EXPECT_EQ(content("killed_early"), "1");
  EXPECT_EQ(content("killed_late"), "2");
  EXPECT_EQ(count(), 2);
  EXPECT_TRUE(finish_replacements(folder_ / "nowhere").ok());
}

TEST_F(ReplaceFolderTest, FoldersAreMadeWithThoseAboveThem) {
  ASSERT_TRUE(make_folders(folder_ / "a/b/c").ok());
  ASSERT_TRUE(make_folders(folder_ / "a/b/c").ok());
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b/c"));
  made("a/b/c/d", "1");
  EXPECT_TRUE(sync_tree(folder_.path()).ok());
  EXPECT_FALSE(make_folders(folder_ / "a/b/c/d/file").ok()) << "a file is there";
  EXPECT_FALSE(sync_tree(folder_ / "nowhere").ok());
}

}  // namespace
}  // namespace oodml
