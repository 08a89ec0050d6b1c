#include "worker/state_folder.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::worker {
namespace {

using testing::TemporaryFolder;

TEST(StateFolderTest, TwoWorkersCannotShareOne) {
  TemporaryFolder folder;
  {
    const auto first = StateFolder::open(folder / "state");
    ASSERT_TRUE(first.has_value()) << first.error().message();
    const auto second = StateFolder::open(folder / "state");
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code(), StatusCode::kFailedPrecondition);
    EXPECT_NE(second.error().message().find("--state-dir"), std::string::npos);
  }
  EXPECT_TRUE(StateFolder::open(folder / "state").has_value()) << "the lock goes with its holder";
}

TEST(StateFolderTest, TheIdIsTheSameAtEveryStartAndAnotherInEveryFolder) {
  TemporaryFolder folder;
  const std::string first = StateFolder::open(folder / "a")->worker_id("rack-1")->value;
  EXPECT_EQ(StateFolder::open(folder / "a")->worker_id("rack-1")->value, first);
  EXPECT_TRUE(first.starts_with("rack-1-"));
  EXPECT_NE(StateFolder::open(folder / "b")->worker_id("rack-1")->value, first);
  EXPECT_TRUE(StateFolder::open(folder / "a")->worker_id("rack-2")->value.starts_with("rack-2-"));
}

TEST(StateFolderTest, RefusesNamesThatTheWireRefuses) {
  TemporaryFolder folder;
  const auto state = StateFolder::open(folder / "a");
  EXPECT_EQ(state->worker_id("a b").error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(state->worker_id("").error().code(), StatusCode::kInvalidArgument);
}

TEST(StateFolderTest, NoticesADiskThatIsNearlyFull) {
  TemporaryFolder folder;
  const auto state = StateFolder::open(folder / "a");
  EXPECT_TRUE(state->check_free_space(0).ok());
  EXPECT_EQ(state->check_free_space(std::int64_t{1} << 40).code(), StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace oodml::worker
