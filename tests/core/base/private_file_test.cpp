#include "core/base/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log_levels.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info{};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

/// A umask that lets everybody do everything, for as long as this lives.
struct OpenUmask {
  OpenUmask() : before(::umask(0)) {}
  ~OpenUmask() { ::umask(before); }
  const mode_t before;
};

TEST(PrivateFileTest, OneThatOthersCanReachIsRefusedWithTheRemedy) {
  const testing::TemporaryFolder folder;
  const auto file = folder / "secret";
  testing::write_text(file, "text");
  for (const mode_t mode : {0644, 0640, 0604, 0620, 0602, 0601}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const auto read = read_private_file(file, 100, "token file");
    ASSERT_FALSE(read.has_value()) << std::oct << mode;
    EXPECT_NE(read.error().message().find("do `chmod 600 " + file.string() + "`"), std::string::npos)
        << read.error().text();
  }
  for (const mode_t mode : {0600, 0400}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_EQ(read_private_file(file, 100, "token file").value(), "text");
  }
  EXPECT_EQ(read_private_file(folder / "none", 100, "token file").error().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_private_file(folder.path(), 100, "token file").error().code(), StatusCode::kInvalidArgument);
}

TEST(PrivateFileTest, RootMayShareItsFilesWithAGroup) {
  EXPECT_FALSE(is_open_to_others(0, 0640, 1000)) << "as Debian's ssl-cert";
  EXPECT_TRUE(is_open_to_others(0, 0660, 1000));
  EXPECT_TRUE(is_open_to_others(0, 0644, 1000));
  EXPECT_TRUE(is_open_to_others(1000, 0640, 1000));
  EXPECT_TRUE(is_open_to_others(0, 0640, 0));
}

TEST(PrivateFileTest, ASecretIsWrittenIntoAFileThatNobodyElseEverHad) {
  const testing::TemporaryFolder folder;
  const OpenUmask everybody;
  const auto theirs = folder / "theirs", file = folder / "secret";
  testing::write_text(theirs, "before");
  std::filesystem::create_symlink(theirs, file);
  ASSERT_TRUE(write_private_file(file, "text").ok());
  EXPECT_EQ(mode_of(file), 0600u);
  EXPECT_EQ(read_private_file(file, 100, "secret").value(), "text");
  EXPECT_EQ(testing::read_text(theirs), "before") << "a link that lay there leads nowhere";
  EXPECT_EQ(write_private_file(folder / "none" / "secret", "text").code(), StatusCode::kNotFound);
}

TEST(PrivateFileTest, WhatIsOursIsMadePrivateWhateverTheUmask) {
  const testing::TemporaryFolder folder;
  const OpenUmask everybody;
  const auto file = open_private(folder / "ours");
  ASSERT_TRUE(file.has_value());
  ::close(*file);
  EXPECT_EQ(mode_of(folder / "ours"), 0600u);
}

TEST(PrivateFileTest, WhatIsOursAndOpenIsTakenBack) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "file", "text");
  ASSERT_EQ(::chmod((folder / "file").c_str(), 0664), 0);
  EXPECT_TRUE(make_private(folder / "file").value());
  EXPECT_EQ(mode_of(folder / "file"), 0600u);
  EXPECT_FALSE(make_private(folder / "file").value()) << "nothing to do any more";
  EXPECT_FALSE(make_private(folder / "none").value());
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  EXPECT_TRUE(make_private(folder.path()).value());
  EXPECT_EQ(mode_of(folder.path()), 0700u);
}

TEST(LogLevelsTest, WarnAndWarningAreOne) {
  for (const char* name : {"trace", "debug", "info", "warning", "error"}) {
    std::string level = name;
    EXPECT_EQ(check_log_level(level), "");
    EXPECT_EQ(level, name);
  }
  std::string level = "warn";
  EXPECT_EQ(check_log_level(level), "");
  EXPECT_EQ(level, "warning");
  level = "loud";
  EXPECT_EQ(check_log_level(level), "'loud' is no log level; trace, debug, info, warning (or warn), error wanted");
}

}  // namespace
}  // namespace oodml
