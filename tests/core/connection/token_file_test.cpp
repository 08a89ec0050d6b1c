#include "core/connection/token_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

class HeldTokenTest : public ::testing::Test {
 protected:
  /// As careful people do: written beside it, then renamed.
  void replace(const std::string& text, mode_t mode = 0600) {
    testing::write_text(folder_ / "new", text);
    ASSERT_EQ(::chmod((folder_ / "new").c_str(), mode), 0);
    std::filesystem::rename(folder_ / "new", file_);
  }

  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "alice.token";
  std::vector<Status> said_;
  HeldToken token_{"first-token", file_, [this](const Status& status) { said_.push_back(status); }};
};

TEST_F(HeldTokenTest, AnotherInTheFileIsTakenAndToldOnce) {
  replace("first-token\n");
  EXPECT_EQ(token_.get(), "first-token");
  EXPECT_TRUE(said_.empty());
  replace("second-token\n");
  EXPECT_EQ(token_.get(), "second-token");
  EXPECT_EQ(token_.get(), "second-token");
  EXPECT_EQ(said_, std::vector<Status>{Status()});
}

TEST_F(HeldTokenTest, WhatCannotBeUsedLeavesTheOldAndIsToldOnce) {
  replace("first-token");
  for (const auto& [text, mode] : std::map<std::string, mode_t>{{"", 0600}, {"two words", 0600}, {"open", 0644}}) {
    said_.clear();
    replace(text, mode);
    EXPECT_EQ(token_.get(), "first-token");
    EXPECT_EQ(token_.get(), "first-token");
    ASSERT_EQ(said_.size(), 1u) << text;
    EXPECT_FALSE(said_[0].ok());
    EXPECT_NE(said_[0].message().find(file_.string()), std::string::npos) << said_[0].message();
  }
  std::filesystem::remove(file_);
  EXPECT_EQ(token_.get(), "first-token");
  replace("second-token");
  EXPECT_EQ(token_.get(), "second-token");
}

TEST(HeldTokenWithoutAFileTest, ItStays) { EXPECT_EQ(HeldToken("a-token").get(), "a-token"); }

}  // namespace
}  // namespace oodml
