#include "core/connection/authority_file.h"

#include <gtest/gtest.h>

#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

class AuthorityFileTest : public ::testing::Test {
 protected:
  /// As careful people do: written beside it, then renamed.
  void replace(const std::string& text) {
    testing::write_text(folder_ / "new", text);
    std::filesystem::rename(folder_ / "new", file_);
  }
  auto look() { return authorities_->look(SystemClock().now()); }
  void SetUp() override {
    replace(first_.certificate());
    authorities_.emplace(file_, first_.certificate());
  }

  const testing::CertificateAuthority first_, second_;
  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "ca.crt";
  std::optional<AuthorityFile> authorities_;
};

TEST_F(AuthorityFileTest, NothingIsSaidWhileItHoldsTheSame) {
  EXPECT_FALSE(look().has_value());
  replace(first_.certificate());
  EXPECT_FALSE(look().has_value());
}

TEST_F(AuthorityFileTest, OthersAreToldOnce) {
  replace(second_.certificate());
  const auto renewed = look();
  ASSERT_TRUE(renewed.has_value() && renewed->has_value());
  EXPECT_EQ(**renewed, second_.certificate());
  EXPECT_FALSE(look().has_value());
}

TEST_F(AuthorityFileTest, OneThatCannotBeUsedIsToldOnceAndTheNextIsTaken) {
  look();
  replace("half a certif");
  const auto broken = look();
  ASSERT_TRUE(broken.has_value());
  EXPECT_FALSE(broken->has_value());
  EXPECT_FALSE(look().has_value());
  std::filesystem::remove(file_);
  ASSERT_TRUE(look().has_value()) << "it is gone";
  EXPECT_FALSE(look().has_value());
  replace(second_.certificate());
  EXPECT_TRUE(look()->has_value());
}

}  // namespace
}  // namespace oodml
