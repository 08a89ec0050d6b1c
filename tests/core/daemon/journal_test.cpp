#include "core/daemon/journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace oodml::daemon {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    EXPECT_EQ(::pipe(ends_), 0);
    struct stat info{};
    ::fstat(ends_[1], &info);
    name_ = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  }
  ~JournalTest() override {
    for (const int end : ends_) ::close(end);
  }

  int ends_[2] = {-1, -1};
  std::string name_;
};

TEST_F(JournalTest, TheStreamThatTheVariableNamesIsTheJournal) { EXPECT_TRUE(is_journal(ends_[1], name_)); }

TEST_F(JournalTest, OutputOfAServiceThatGoesElsewhereIsNot) {
  EXPECT_FALSE(is_journal(ends_[1], "9:123456789"));
  EXPECT_FALSE(is_journal(ends_[1], name_ + "1"));
  EXPECT_FALSE(is_journal(ends_[1], ""));
}

TEST_F(JournalTest, WithoutTheVariableOrTheDescriptorNothingIs) {
  EXPECT_FALSE(is_journal(ends_[1], std::nullopt));
  EXPECT_FALSE(is_journal(-1, name_));
}

}  // namespace
}  // namespace oodml::daemon
