#include "core/identity/file_hashes.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::identity {
namespace {

using testing::write_text;

class FileHashesTest : public ::testing::Test {
 protected:
  FileHashesTest() { later_.advance(std::chrono::hours(24 * 365 * 100)); }
  std::filesystem::path file() const { return folder_.path() / "resnet50-imagenet.pth"; }
  std::filesystem::path memory() const { return folder_.path() / "hashes"; }
  void write(const std::string& bytes) { write_text(file(), bytes); }
  /// As a process of its own sees the file.
  std::string look(const Clock& clock) { return FileHashes(memory(), clock).of(file()).value_or("none"); }
  std::size_t records() const {
    std::error_code error;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(memory(), error), {}));
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock later_;
};

TEST_F(FileHashesTest, IsTheBeginningOfTheSha256) {
  write("abc");
  EXPECT_EQ(look(later_), "ba7816bf8f01cfea414140de5dae2223");
}

TEST_F(FileHashesTest, IsRememberedAndAChangedFileIsReadAgain) {
  write("abc");
  const std::string before = look(later_);
  ASSERT_EQ(records(), 1u);
  // What is remembered is believed: the record alone says it.
  const auto record = std::filesystem::directory_iterator(memory())->path();
  std::string text = testing::read_text(record);
  text.replace(text.rfind(' ') + 1, 4, "ffff");
  write_text(record, text);
  EXPECT_EQ(look(later_), "ffff" + before.substr(4));
  write("abd");
  EXPECT_NE(look(later_), before);
  EXPECT_EQ(records(), 1u);
}

TEST_F(FileHashesTest, ATornRecordAndAFileOfJustNowAreNotBelieved) {
  write("abc");
  const std::string right = look(later_);
  write_text(std::filesystem::directory_iterator(memory())->path(), "1 2 3");
  EXPECT_EQ(look(later_), right);
  std::filesystem::remove_all(memory());
  testing::FakeClock now;  // by which the file is of the future
  EXPECT_EQ(look(now), right);
  EXPECT_EQ(records(), 0u);
}

TEST_F(FileHashesTest, WithoutAFolderOnlyTheObjectRemembers) {
  write("abc");
  FileHashes hashes({}, later_);
  EXPECT_TRUE(hashes.of(file()));
  EXPECT_FALSE(std::filesystem::exists(memory()));
  EXPECT_EQ(hashes.of(folder_ / "none").error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace oodml::identity
