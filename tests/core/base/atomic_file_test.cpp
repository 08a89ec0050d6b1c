#include "core/base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "core/base/unfinished_files.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public ::testing::Test {
 protected:
  std::size_t files_in_folder() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

  testing::TemporaryFolder folder_;
  fs::path file_ = folder_ / "state.json";
};

TEST_F(AtomicFileTest, WritesReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(write_file_atomically(file_, "old").ok());
  ASSERT_TRUE(write_file_atomically(file_, std::string("new\0bytes", 9)).ok());
  EXPECT_EQ(*read_file(file_, 100), std::string("new\0bytes", 9));
  EXPECT_EQ(files_in_folder(), 1u);
  ASSERT_TRUE(write_file_atomically(file_, "").ok());
  EXPECT_EQ(*read_file(file_, 0), "");
}

TEST_F(AtomicFileTest, WhatAKilledWriteLeftIsRemovedAndNothingElse) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};  // SIGXFSZ in the middle of the write
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0) _exit(2);
    (void)write_file_atomically(file_, std::string(10'000, 'x'));
    _exit(3);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) << status;
  ASSERT_EQ(files_in_folder(), 1u) << "the write left something";
  for (const char* name : {"state.json", "notes.tmp-", "notes.tmp-0123", "0123456789ab", "x.tmp-0123456789aZ"}) {
    ASSERT_TRUE(write_file_atomically(folder_ / name, "kept").ok());
  }
  ASSERT_TRUE(remove_unfinished_files(folder_.path()).ok());
  EXPECT_EQ(files_in_folder(), 5u);
  EXPECT_EQ(remove_unfinished_files(folder_ / "none").code(), StatusCode::kNotFound);
}

TEST_F(AtomicFileTest, SaysWhatCannotBeReadOrWritten) {
  EXPECT_EQ(read_file(file_, 100).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(write_file_atomically(folder_ / "none" / "x", "a").code(), StatusCode::kNotFound);
  ASSERT_TRUE(write_file_atomically(file_, "12345").ok());
  const auto too_large = read_file(file_, 4);
  EXPECT_EQ(too_large.error().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(too_large.error().message().find("larger than 4 bytes"), std::string::npos);
  EXPECT_FALSE(read_file(folder_.path(), 100).has_value());
}

// No more room, as on a full disk: a limit on the size of files, set in a child process.
TEST_F(AtomicFileTest, WithoutRoomTheOldFileStaysAndNoPieceIsLeft) {
  ASSERT_TRUE(write_file_atomically(file_, "old").ok());
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    _exit(write_file_atomically(file_, std::string(10'000, 'x')).ok() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "1: the write succeeded, 2: no limit could be set";
  EXPECT_EQ(*read_file(file_, 100), "old");
  EXPECT_EQ(files_in_folder(), 1u);
}

}  // namespace
}  // namespace oodml
