#include "core/base/free_space.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

TEST(FreeSpaceTest, SaysHowMuchIsFreeWhereAndWhoWantsMore) {
  const testing::TemporaryFolder folder;
  EXPECT_TRUE(check_free_space(folder.path(), 0, "a test").ok());
  const Status full = check_free_space(folder.path(), std::int64_t{1} << 40, "a test");
  EXPECT_EQ(full.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(full.message().find(" MiB are free under " + folder.path().string() + ", a test wants 1099511627776"),
            std::string::npos)
      << full.message();
  EXPECT_EQ(check_free_space("/no/such/folder", 0, "a test").code(), StatusCode::kNotFound);
  EXPECT_EQ(check_free_space("/proc", 1, "a test").code(), StatusCode::kResourceExhausted) << "which holds nothing";
}

}  // namespace
}  // namespace oodml
