#include <unistd.h>

#include "coordinator/store/owner_lock.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class OwnerLockTest : public ServiceTest {};

TEST_F(OwnerLockTest, ASecondOwnerIsRefusedWithTheFirstOnesProcess) {
  const auto second = open_service({.database = database}, clock, plan_test_sweep);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(second.error().message().find("process " + std::to_string(getpid())), std::string::npos)
      << second.error().message();
}

TEST_F(OwnerLockTest, NetworkFileSystemsAreKnownByTheirNumber) {
  EXPECT_EQ(store::shared_file_system(0x6969), "NFS");
  EXPECT_EQ(store::shared_file_system(static_cast<long>(0xFF534D42)), "CIFS");
  EXPECT_EQ(store::shared_file_system(static_cast<int>(0xFE534D42)), "SMB2") << "the number may come sign-extended";
  EXPECT_EQ(store::shared_file_system(0x65735546), "FUSE");
  EXPECT_EQ(store::shared_file_system(0xEF53), "") << "ext4";
  EXPECT_EQ(store::shared_file_system(0x01021994), "") << "tmpfs";
}

TEST_F(OwnerLockTest, TheLockIsFreeAgainWhenItsOwnerLeaves) {
  const auto path = folder.path() / "x.db";
  {
    const auto first = store::OwnerLock::take(path);
    ASSERT_TRUE(first);
    EXPECT_EQ(store::OwnerLock::take(path).error().code(), StatusCode::kFailedPrecondition);
  }
  EXPECT_TRUE(store::OwnerLock::take(path));
}

}  // namespace
}  // namespace oodml::coordinator::testing
