#include "core/connection/watched_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

class WatchedFilesTest : public ::testing::Test {
 protected:
  /// Its bytes differ in number each time, so that no two stamps are the same.
  void replace(const std::string& name) {
    testing::write_text(folder_ / "new", std::string(++written_, 'x'));
    std::filesystem::rename(folder_ / "new", folder_ / name);
  }

  testing::TemporaryFolder folder_;
  std::size_t written_ = 0;
};

TEST_F(WatchedFilesTest, AChangeIsToldOnceItHasComeToRest) {
  replace("a");
  replace("b");
  WatchedFiles files({folder_ / "a", folder_ / "b"});
  EXPECT_FALSE(files.look());
  replace("a");
  EXPECT_FALSE(files.look()) << "the other may follow";
  replace("b");
  EXPECT_FALSE(files.look());
  EXPECT_TRUE(files.look());
  EXPECT_FALSE(files.look()) << "once";
}

TEST_F(WatchedFilesTest, WhatGoesAndComesIsAChange) {
  WatchedFiles files({folder_ / "a"});
  replace("a");
  EXPECT_FALSE(files.look());
  EXPECT_TRUE(files.look());
  std::filesystem::remove(folder_ / "a");
  EXPECT_FALSE(files.look());
  EXPECT_TRUE(files.look());
}

TEST_F(WatchedFilesTest, APipeNeverChanges) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  WatchedFiles files({folder_ / "pipe"});
  ASSERT_EQ(::chmod((folder_ / "pipe").c_str(), 0400), 0);
  EXPECT_FALSE(files.look());
  EXPECT_FALSE(files.look());
}

}  // namespace
}  // namespace oodml
